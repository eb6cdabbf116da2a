//! Changes with `apply_immediately = false`: accepted, told of, and carried out in the
//! maintenance window. The plan is empty all along.
//!
//! User groups, tokens and log delivery are always changed at once (`credentials`,
//! `log_delivery`), and so are nodes and shards (`scaling`).

mod cases;
mod immediate;
mod laws;

use std::time::Duration;

use serde_json::{Value, json};

use self::cases::{Case, LATER, config};
use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};
use crate::support::terraform::{Diagnostic, Plan};

fn settled(fixture: &Fixture, case: &Case) {
    if case.message {
        fixture.terraform.assert_settled();
    } else {
        // AWS has no field for it among the pending values: an import shows what there is
        // now, and the plan after it asks once more, which changes nothing.
        fixture.terraform.assert_unchanged();
    }
}

const WAITS: &str = "Changes wait for the maintenance window";

const WITHDRAWN: &str = "Pending changes are withdrawn";

/// The summaries of warnings, each once: Terraform plans once more while it applies.
fn summaries(warnings: &[Diagnostic]) -> Vec<&str> {
    let mut all: Vec<&str> = warnings.iter().map(|warning| warning.summary.as_str()).collect();
    all.dedup();
    all
}

/// The connection that applications read.
fn connection(fixture: &Fixture) -> Value {
    let secret = fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": "app/redis" }));
    serde_json::from_str(secret["SecretString"].as_str().unwrap()).unwrap()
}

fn url(fixture: &Fixture) -> Value {
    let input = json!({ "Name": "/app/url", "WithDecryption": true });
    fixture.ask("ssm", "GetParameter", &input)["Parameter"]["Value"].clone()
}

/// The addresses that a plan changes.
fn moved(plan: &Plan) -> Vec<String> {
    plan.actions().into_keys().map(str::to_owned).collect()
}

/// A group as before the change.
fn created(case: &Case) -> Fixture {
    let fixture = Fixture::new(&config(case, case.from, LATER));
    fixture.apply_and_verify();
    fixture
}

/// Applies the change, and checks that it waits, that the plan says so, and that dependents stay as they are.
fn waits(fixture: &Fixture, case: &Case) {
    let before = fixture.group();
    fixture.aws.record().clear();
    let published = (connection(fixture), url(fixture));
    fixture.terraform.configure(&config(case, case.to, LATER));
    let plan = fixture.terraform.plan();
    assert_eq!(moved(&plan), [GROUP], "dependents follow what runs");
    let [warning] = plan.diagnostics.as_slice() else { panic!("{:#?}", plan.diagnostics) };
    assert_eq!(warning.summary, WAITS);
    for words in ["sun:05:00-sun:07:00 UTC", case.attribute, "apply_immediately = true"] {
        assert!(warning.detail.contains(words), "no {words:?} in: {}", warning.detail);
    }
    assert_eq!(summaries(&fixture.terraform.apply()), [WAITS]);
    let state = fixture.group();
    assert_eq!(state["pending_modified_values"], case.pending);
    assert_eq!(state["running_values"], case.running);
    assert_eq!(state[case.attribute], case.after, "the state has what is wanted");
    assert_ne!(before[case.attribute], case.after);
    for name in [
        "engine_actual",
        "engine_version_actual",
        "effective_durability",
        "transit_encryption_active",
        "url",
        "endpoint",
        "cluster_enabled",
    ] {
        assert_eq!(state[name], before[name], "{name} is what runs");
    }
    assert_eq!((connection(fixture), url(fixture)), published);
    settled(fixture, case);
    assert!(fixture.control(|aws| aws.has_pending(case.id)));
    assert_eq!(fixture.sent("ApplyImmediately"), ["false"]);
}

/// Lets the window open and the change be carried out.
fn window_opens(fixture: &Fixture, case: &Case) {
    assert!(fixture.control(|aws| aws.open_window(case.id)));
    fixture.aws.clock().advance(Duration::from_secs(3600));
}

/// What AWS does not show as pending an import cannot find, so the next apply asks for it
/// once more: with `apply_immediately = false` the same waits for the same window, and
/// nothing is done to the group before.
#[test]
fn is_asked_for_once_more_after_an_import_and_waits_all_the_same() {
    let case = Case {
        id: "asked",
        common: r#"node_type = "cache.t3.small"
 automatic_failover_enabled = true
 network_type = "dual_stack""#,
        from: r#"multi_az_enabled = false
 ip_discovery = "ipv4"
 parameter_group_name = "default.redis7""#,
        to: r#"multi_az_enabled = true
 ip_discovery = "ipv6"
 parameter_group_name = "own""#,
        pending: json!({"multi_az_enabled": "true", "ip_discovery": "ipv6", "parameter_group_name": "own"}),
        message: false,
        ..cases::node_type()
    };
    let fixture = Fixture::new("");
    fixture.other_client(
        "CreateCacheParameterGroup",
        "CacheParameterGroupName=own CacheParameterGroupFamily=redis7 Description=own",
    );
    fixture.change_and_verify(&config(&case, case.from, LATER));
    fixture.terraform.configure(&config(&case, case.to, LATER));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.group()["pending_modified_values"], case.pending);
    fixture.terraform.run(&["state", "rm", GROUP]).succeeds();
    fixture.terraform.run(&["import", GROUP, case.id]).succeeds();
    fixture.aws.record().clear();
    assert_eq!(fixture.terraform.plan().actions_on(GROUP), ["update"]);
    let warnings = fixture.terraform.apply();
    assert!(
        warnings.iter().any(|it| it.summary == "Changes wait for the maintenance window"),
        "{warnings:#?}"
    );
    assert_eq!(fixture.aws.record().writes(), ["elasticache:ModifyReplicationGroup"]);
    assert_eq!(fixture.sent("ApplyImmediately"), ["false"]);
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.group()["pending_modified_values"], case.pending);
    assert_eq!(fixture.group()["status"], "available");
}

/// What somebody else requested appears as drift, and the configuration withdraws it.
#[test]
fn a_pending_change_of_another_client_is_withdrawn() {
    let case = Case { id: "foreign", ..cases::node_type() };
    let fixture = created(&case);
    fixture
        .other_client("ModifyReplicationGroup", "ReplicationGroupId=foreign CacheNodeType=cache.t3.medium");
    let plan = fixture.terraform.plan();
    assert_eq!(moved(&plan), [GROUP]);
    assert_eq!(summaries(&plan.diagnostics), [WITHDRAWN]);
    fixture.terraform.apply();
    fixture.terraform.assert_settled();
    assert!(!fixture.control(|aws| aws.has_pending(case.id)));
}

/// Another target than the pending one, and than the one in effect, takes its place.
#[test]
fn a_third_value_takes_the_place_of_the_pending_one() {
    let case = Case { id: "third", ..cases::version_with_its_default_parameter_group() };
    let fixture = created(&case);
    waits(&fixture, &case);
    fixture.terraform.configure(&config(&case, r#"engine_version = "7.0""#, LATER));
    assert_eq!(summaries(&fixture.terraform.apply()), [WAITS]);
    fixture.terraform.assert_unchanged();
    let pending = json!({"engine_version": "7.0.7", "parameter_group_name": "default.redis7"});
    assert_eq!(fixture.group()["pending_modified_values"], pending);
    window_opens(&fixture, &case);
    fixture.terraform.run(&["apply", "-refresh-only", "-auto-approve"]).succeeds();
    assert_eq!(fixture.group()["engine_version_actual"], "7.0.7");
}

#[test]
fn settings_that_never_wait_leave_nothing_pending() {
    let at = |lines: &str| {
        let lines = format!(
            r#"node_type = "cache.t3.small"
 num_cache_clusters = 1
 {LATER}
 {lines}"#
        );
        group("neverwait", &lines)
    };
    let fixture = Fixture::new(&at(r#"maintenance_window = "tue:06:30-tue:07:30""#));
    fixture.apply_and_verify();
    fixture.terraform.configure(&at(r#"maintenance_window = "wed:06:00-wed:07:00"
 snapshot_retention_limit = 2"#));
    assert_eq!(fixture.terraform.apply(), []);
    fixture.terraform.assert_settled();
    assert_eq!(fixture.group()["pending_modified_values"], json!({}));
    assert_eq!(fixture.group()["maintenance_window"], "wed:06:00-wed:07:00");
}
