//! What holds for every deferrable attribute.

use serde_json::json;

use super::cases::{self, Case, LATER, config};
use super::{WITHDRAWN, connection, created, moved, settled, summaries, url, waits, window_opens};
use crate::fixture::Fixture;
use crate::hcl::GROUP;

/// A law that holds for every deferrable attribute.
macro_rules! law {
    ($law:ident) => {
        law!($law:
            node_type, node_type_of_valkey, version_within_a_family, version_with_its_default_parameter_group,
            version_with_a_named_parameter_group, engine, engine_that_was_not_named, engine_back_to_redis, failover,
            zones, cluster_mode, parameter_group, tls, tls_off, tls_required, ip_discovery, durability);
    };
    ($law:ident: $($case:ident),*) => {
        mod $law {
            $(
                #[test]
                fn $case() {
                    super::$law(&super::cases::$case());
                }
            )*
        }
    };
}

law!(waits_is_withdrawn_waits_again_and_is_carried_out_in_the_window);
// One of each kind: AWS returns what waits, or not; one attribute waits, or several; dependents follow, or not.
law!(is_carried_out_where_aws_does_not_withdraw_it:
    node_type, version_with_its_default_parameter_group, engine, zones, cluster_mode, tls);
law!(is_imported_while_it_waits:
    node_type, version_with_a_named_parameter_group, engine, zones, cluster_mode, tls);

/// Before the window nothing moves, the configuration of before cancels what waits, and after the window the next
/// apply moves what depends on the group.
fn waits_is_withdrawn_waits_again_and_is_carried_out_in_the_window(case: &Case) {
    let fixture = created(case);
    waits(&fixture, case);
    is_withdrawn(&fixture, case);
    waits(&fixture, case);
    is_carried_out(&fixture, case);
    assert_eq!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").len(), 0, "in place");
}

fn is_withdrawn(fixture: &Fixture, case: &Case) {
    let published = (connection(fixture), url(fixture));
    fixture.terraform.configure(&config(case, case.from, LATER));
    let plan = fixture.terraform.plan();
    assert_eq!(moved(&plan), [GROUP]);
    assert_eq!(plan.actions_on(GROUP), ["update"]);
    assert_eq!(summaries(&plan.diagnostics), [WITHDRAWN]);
    assert_eq!(summaries(&fixture.terraform.apply()), [WITHDRAWN]);
    fixture.terraform.assert_settled();
    assert!(!fixture.control(|aws| aws.has_pending(case.id)));
    let state = fixture.group();
    assert_eq!((&state["pending_modified_values"], &state["running_values"]), (&json!({}), &json!({})));
    assert_eq!((connection(fixture), url(fixture)), published);
    assert_eq!(
        fixture.sent("ApplyImmediately"),
        ["false", "false"],
        "an immediate request would carry it out"
    );
}

fn is_carried_out(fixture: &Fixture, case: &Case) {
    let before = connection(fixture);
    window_opens(fixture, case);
    let followers = ["elasticache_connection_secret.this", "elasticache_ssm_url.this"];
    let expected: &[&str] = match case.connection {
        [] => &[],
        ["engine"] => &followers[..1],
        _ => &followers,
    };
    assert_eq!(moved(&fixture.terraform.plan()), expected);
    fixture.terraform.apply();
    // Without a change the refresh alone is stored.
    fixture.terraform.run(&["apply", "-refresh-only", "-auto-approve"]).succeeds();
    fixture.terraform.assert_settled();
    let (after, state) = (connection(fixture), fixture.group());
    for (key, value) in before.as_object().unwrap() {
        assert_eq!(
            case.connection.contains(&key.as_str()),
            after[key] != *value,
            "{key}: {value}, {}",
            after[key]
        );
    }
    assert_eq!(url(fixture), after["url"]);
    assert_eq!((&state["pending_modified_values"], &state["running_values"]), (&json!({}), &json!({})));
    assert_eq!(state[case.attribute], case.after);
    assert_eq!(state["transit_encryption_active"], state["transit_encryption_enabled"]);
    assert_eq!(state["engine_actual"], state["engine"]);
    assert!(!fixture.control(|aws| aws.has_pending(case.id)));
    assert_eq!(fixture.modifications().len(), 1);
}

/// Where AWS ignores the request, the apply says so, each later plan says what comes and when, nothing is tried again,
/// and nothing is replaced.
fn is_carried_out_where_aws_does_not_withdraw_it(case: &Case) {
    let fixture = created(case);
    waits(&fixture, case);
    fixture.control(|aws| {
        aws.ignore_running_values();
    });
    fixture.terraform.configure(&config(case, case.from, LATER));
    let warnings = fixture.terraform.apply();
    let message = warnings.iter().find(|it| it.summary == "AWS did not withdraw pending changes");
    let message = message.unwrap_or_else(|| panic!("{warnings:#?}"));
    assert!(
        message.detail.contains("sun:05:00-sun:07:00 UTC") && message.detail.contains(case.attribute),
        "{message}"
    );
    for _ in 0..2 {
        let plan = fixture.terraform.plan();
        assert_eq!(moved(&plan), [""; 0]);
        let [warning] = plan.diagnostics.as_slice() else { panic!("{:#?}", plan.diagnostics) };
        assert_eq!(warning.summary, "A pending change contradicts the configuration");
        assert!(warning.detail.contains("sun:05:00-sun:07:00 UTC"), "{warning}");
        fixture.terraform.apply();
    }
    assert!(fixture.control(|aws| aws.has_pending(case.id)));
    assert_eq!(fixture.group()["running_values"], case.running);
    // Going along with it asks for it once more, or for nothing.
    fixture.terraform.configure(&config(case, case.to, LATER));
    fixture.terraform.apply();
    settled(&fixture, case);
    assert_eq!(fixture.group()["pending_modified_values"], case.pending);
    assert_eq!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").len(), 0, "nothing is replaced");
    // The configuration of before does not stand in the way of a destroy.
    fixture.terraform.configure(&config(case, case.from, LATER));
    fixture.terraform.destroy();
    assert_eq!(fixture.control(|aws| aws.status(case.id)), None);
}

/// What AWS does not show as pending an import cannot find; the apply after it sends what belongs together, and it
/// goes on waiting.
fn is_imported_while_it_waits(case: &Case) {
    let fixture = created(case);
    waits(&fixture, case);
    fixture.terraform.run(&["state", "rm", GROUP]).succeeds();
    fixture.terraform.run(&["import", GROUP, case.id]).succeeds();
    fixture.aws.record().clear();
    let plan = fixture.terraform.plan();
    let actions = plan.actions_on(GROUP);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    // What AWS does not return as pending is asked for again where the configuration names it.
    let untold = ["ip_discovery", "multi_az_enabled", "parameter_group_name"];
    let mut pending = case.pending.clone();
    let named = untold.iter().any(|name| !pending[name].is_null() && case.to.contains(name));
    if !named {
        pending.as_object_mut().unwrap().retain(|name, _| !untold.contains(&name.as_str()));
    }
    let writes: &[&str] = if named { &["elasticache:ModifyReplicationGroup"] } else { &[] };
    assert_eq!(fixture.aws.record().writes(), writes, "{actions:?}");
    assert_eq!(fixture.sent("ApplyImmediately"), if named { vec!["false"] } else { vec![] });
    assert_eq!(fixture.group()["pending_modified_values"], pending);
    window_opens(&fixture, case);
    fixture.terraform.apply();
    assert_eq!(fixture.group()[case.attribute], case.after);
}
