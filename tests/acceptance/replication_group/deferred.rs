//! Changes with `apply_immediately = false`: accepted, told of, and carried out in the
//! maintenance window. The plan is empty all along.
//!
//! User groups, tokens and log delivery are always changed at once (`credentials`,
//! `log_delivery`), and so are nodes and shards (`scaling`).

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};
use crate::support::terraform::{Diagnostic, Plan};

const COMMON: &str = r#"num_cache_clusters = 2
 maintenance_window = "sun:05:00-sun:07:00""#;
const LATER: &str = "apply_immediately = false";

/// A change that waits.
struct Case {
    id: &'static str,
    /// What the group has in any case.
    common: &'static str,
    from: &'static str,
    to: &'static str,
    /// What is pending, by attribute.
    pending: Value,
    /// What runs until then, by attribute.
    running: Value,
    /// What the attributes are before and after.
    attribute: &'static str,
    after: Value,
    /// Whether AWS tells of it, so that an import finds it.
    message: bool,
    /// Keys of the connection secret that change once the change is carried out.
    connection: &'static [&'static str],
}

/// The configuration of a case: the group, and everything that follows a group.
fn config(case: &Case, lines: &str, when: &str) -> String {
    let Case { id, common, .. } = case;
    group(id, &format!("{COMMON}\n {common}\n {when}\n {lines}")) + DEPENDENTS
}

const SMALL: &str = r#"node_type = "cache.t3.small""#;

const DEPENDENTS: &str = r#"
resource "elasticache_ssm_url" "this" {
  name              = "/app/url"
  replication_group = elasticache_replication_group.this
}
resource "elasticache_connection_secret" "this" {
  name              = "app/redis"
  replication_group = elasticache_replication_group.this
}
resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.this
}
output "tls" {
  value = elasticache_replication_group.this.transit_encryption_active
}
"#;

/// Every deferrable attribute, in a case of its own.
mod cases {
    use super::*;

    pub fn node_type() -> Case {
        Case {
            id: "laternode",
            common: "",
            from: r#"node_type = "cache.t3.small""#,
            to: r#"node_type = "cache.t3.medium""#,
            pending: json!({"node_type": "cache.t3.medium"}),
            running: json!({"node_type": "cache.t3.small"}),
            attribute: "node_type",
            after: json!("cache.t3.medium"),
            message: true,
            connection: &[],
        }
    }

    pub fn node_type_of_valkey() -> Case {
        Case { common: r#"engine = "valkey""#, ..node_type() }
    }

    pub fn version_within_a_family() -> Case {
        Case {
            id: "laterversion",
            common: SMALL,
            from: r#"engine_version = "7.0""#,
            to: r#"engine_version = "7.1""#,
            pending: json!({"engine_version": "7.1.0"}),
            running: json!({"engine_version": "7.0"}),
            attribute: "engine_version",
            after: json!("7.1"),
            ..node_type()
        }
    }

    /// The default parameter group goes with the version, and AWS does not tell of it.
    pub fn version_with_its_default_parameter_group() -> Case {
        Case {
            id: "laterfamily",
            common: SMALL,
            from: r#"engine_version = "6.2""#,
            to: r#"engine_version = "7.1""#,
            pending: json!({"engine_version": "7.1.0", "parameter_group_name": "default.redis7"}),
            running: json!({"engine_version": "6.2", "parameter_group_name": "default.redis6.x"}),
            attribute: "engine_version",
            after: json!("7.1"),
            message: false,
            ..node_type()
        }
    }

    pub fn version_with_a_named_parameter_group() -> Case {
        Case {
            id: "laternamed",
            from: r#"engine_version = "6.2"
 parameter_group_name = "default.redis6.x""#,
            to: r#"engine_version = "7.1"
 parameter_group_name = "default.redis7""#,
            ..version_with_its_default_parameter_group()
        }
    }

    pub fn engine() -> Case {
        Case {
            id: "laterengine",
            common: SMALL,
            from: r#"engine = "redis"
 engine_version = "7.1""#,
            to: r#"engine = "valkey"
 engine_version = "8.0""#,
            pending: json!({
                "engine": "valkey", "engine_version": "8.0.1", "parameter_group_name": "default.valkey8",
            }),
            running: json!({
                "engine": "redis", "engine_version": "7.1", "parameter_group_name": "default.redis7",
            }),
            attribute: "engine",
            after: json!("valkey"),
            message: false,
            connection: &["engine"],
        }
    }

    /// Without the argument the group is redis before, and again after.
    pub fn engine_that_was_not_named() -> Case {
        Case { id: "laterunnamed", from: r#"engine_version = "7.1""#, ..engine() }
    }

    /// The one way back.
    pub fn engine_back_to_redis() -> Case {
        Case {
            id: "laterback",
            from: r#"engine = "valkey"
 engine_version = "7.2""#,
            to: r#"engine = "redis"
 engine_version = "7.1""#,
            pending: json!({
                "engine": "redis", "engine_version": "7.1.0", "parameter_group_name": "default.redis7",
            }),
            running: json!({
                "engine": "valkey", "engine_version": "7.2", "parameter_group_name": "default.valkey7",
            }),
            after: json!("redis"),
            ..engine()
        }
    }

    pub fn failover() -> Case {
        Case {
            id: "laterfailover",
            common: SMALL,
            from: "automatic_failover_enabled = false",
            to: "automatic_failover_enabled = true",
            pending: json!({"automatic_failover_enabled": "true"}),
            running: json!({"automatic_failover_enabled": "false"}),
            attribute: "automatic_failover_enabled",
            after: json!(true),
            ..node_type()
        }
    }

    pub fn zones() -> Case {
        Case {
            id: "laterzones",
            common: r#"node_type = "cache.t3.small"
 automatic_failover_enabled = true"#,
            from: "multi_az_enabled = false",
            to: "multi_az_enabled = true",
            pending: json!({"multi_az_enabled": "true"}),
            running: json!({"multi_az_enabled": "false"}),
            attribute: "multi_az_enabled",
            after: json!(true),
            message: false,
            ..node_type()
        }
    }

    pub fn cluster_mode() -> Case {
        Case {
            id: "latermode",
            common: r#"node_type = "cache.t3.small"
 automatic_failover_enabled = true"#,
            from: r#"cluster_mode = "disabled"
 parameter_group_name = "default.redis7""#,
            to: r#"cluster_mode = "compatible"
 parameter_group_name = "default.redis7.cluster.on""#,
            pending: json!({"cluster_mode": "compatible", "parameter_group_name": "default.redis7.cluster.on"}),
            running: json!({"cluster_mode": "disabled", "parameter_group_name": "default.redis7"}),
            attribute: "cluster_mode",
            after: json!("compatible"),
            message: false,
            connection: &["host", "reader_host", "reader_port", "reader_url", "url"],
        }
    }

    pub fn parameter_group() -> Case {
        Case {
            id: "laterparams",
            common: r#"node_type = "cache.t3.small"
 engine_version = "7.1""#,
            from: r#"parameter_group_name = "default.redis7"
 }
 resource "elasticache_parameter_group" "own" {
 name = "own"
 family = "redis7""#,
            to: r#"parameter_group_name = elasticache_parameter_group.own.name
 }
 resource "elasticache_parameter_group" "own" {
 name = "own"
 family = "redis7""#,
            pending: json!({"parameter_group_name": "own"}),
            running: json!({"parameter_group_name": "default.redis7"}),
            attribute: "parameter_group_name",
            after: json!("own"),
            message: false,
            ..node_type()
        }
    }

    pub fn tls() -> Case {
        Case {
            id: "latertls",
            common: SMALL,
            from: "transit_encryption_enabled = false",
            to: r#"transit_encryption_enabled = true
 transit_encryption_mode = "preferred""#,
            pending: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "preferred"}),
            running: json!({"transit_encryption_enabled": "false", "transit_encryption_mode": ""}),
            attribute: "transit_encryption_enabled",
            after: json!(true),
            connection: &["host", "reader_host", "reader_url", "ssl", "url"],
            ..node_type()
        }
    }

    pub fn tls_off() -> Case {
        Case {
            id: "lateroff",
            from: r#"transit_encryption_enabled = true
 transit_encryption_mode = "preferred""#,
            to: "transit_encryption_enabled = false",
            pending: json!({"transit_encryption_enabled": "false"}),
            running: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "preferred"}),
            after: json!(false),
            ..tls()
        }
    }

    pub fn tls_required() -> Case {
        Case {
            id: "laterrequired",
            common: r#"node_type = "cache.t3.small"
 transit_encryption_enabled = true"#,
            from: r#"transit_encryption_mode = "preferred""#,
            to: r#"transit_encryption_mode = "required""#,
            pending: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "required"}),
            running: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "preferred"}),
            attribute: "transit_encryption_mode",
            after: json!("required"),
            ..node_type()
        }
    }

    pub fn durability() -> Case {
        Case {
            id: "laterdurable",
            common: r#"node_type = "cache.r7g.large"
 engine = "valkey"
 engine_version = "9.0"
 cluster_mode = "enabled"
 automatic_failover_enabled = true
 multi_az_enabled = true
 transit_encryption_enabled = true"#,
            from: r#"durability = "async""#,
            to: r#"durability = "sync""#,
            pending: json!({"durability": "sync"}),
            running: json!({"durability": "async"}),
            attribute: "durability",
            after: json!("sync"),
            message: false,
            ..node_type()
        }
    }

    pub fn ip_discovery() -> Case {
        Case {
            id: "laterip",
            common: r#"node_type = "cache.t3.small"
 network_type = "dual_stack""#,
            from: r#"ip_discovery = "ipv4""#,
            to: r#"ip_discovery = "ipv6""#,
            pending: json!({"ip_discovery": "ipv6"}),
            running: json!({"ip_discovery": "ipv4"}),
            attribute: "ip_discovery",
            after: json!("ipv6"),
            message: false,
            ..node_type()
        }
    }
}

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

law!(waits_is_taken_back_waits_again_and_is_made_in_the_window);
// One of each kind: AWS returns what waits, or not; one attribute waits, or several; dependents follow, or not.
law!(comes_all_the_same_where_aws_does_not_take_it_back:
    node_type, version_with_its_default_parameter_group, engine, zones, cluster_mode, tls);
law!(is_imported_while_it_waits:
    node_type, version_with_a_named_parameter_group, engine, zones, cluster_mode, tls);

#[test]
fn the_cases_are_of_every_deferrable_attribute() {
    let schema = Fixture::new("").terraform.run(&["providers", "schema", "-json"]).succeeds();
    let schema: Value = serde_json::from_str(&schema.stdout).unwrap();
    let ours = schema["provider_schemas"].as_object().unwrap().values().next().unwrap();
    let block = &ours["resource_schemas"]["elasticache_replication_group"]["block"];
    let all = [
        cases::node_type(),
        cases::engine(),
        cases::failover(),
        cases::zones(),
        cases::cluster_mode(),
        cases::parameter_group(),
        cases::tls(),
        cases::ip_discovery(),
        cases::durability(),
    ];
    let covered: Vec<String> =
        all.iter().flat_map(|case| case.pending.as_object().unwrap().keys().cloned()).collect();
    let waits = "during the maintenance window unless `apply_immediately` is true";
    let waiting = |attribute: &Value| attribute["description"].as_str().is_some_and(|it| it.contains(waits));
    let attributes = block["attributes"].as_object().unwrap();
    let described: BTreeSet<&str> =
        attributes.iter().filter(|(_, it)| waiting(it)).map(|(name, _)| name.as_str()).collect();
    assert_eq!(described, covered.iter().map(String::as_str).collect());
}

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

const TAKEN_BACK: &str = "Pending changes are withdrawn";

/// Before the window nothing moves, the configuration of before cancels what waits, and after the window the next
/// apply moves what depends on the group.
fn waits_is_taken_back_waits_again_and_is_made_in_the_window(case: &Case) {
    let fixture = created(case);
    waits(&fixture, case);
    is_taken_back(&fixture, case);
    waits(&fixture, case);
    is_made(&fixture, case);
    assert_eq!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").len(), 0, "in place");
}

fn is_taken_back(fixture: &Fixture, case: &Case) {
    let published = (connection(fixture), url(fixture));
    fixture.terraform.configure(&config(case, case.from, LATER));
    let plan = fixture.terraform.plan();
    assert_eq!(moved(&plan), [GROUP]);
    assert_eq!(plan.actions_on(GROUP), ["update"]);
    assert_eq!(summaries(&plan.diagnostics), [TAKEN_BACK]);
    assert_eq!(summaries(&fixture.terraform.apply()), [TAKEN_BACK]);
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

fn is_made(fixture: &Fixture, case: &Case) {
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
fn comes_all_the_same_where_aws_does_not_take_it_back(case: &Case) {
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

/// The warning says so, and it is so.
#[test]
fn is_made_at_once_when_apply_immediately_is_set_later() {
    let case = Case {
        id: "hurry",
        common: r#"automatic_failover_enabled = true
 engine_version = "7.1""#,
        from: r#"node_type = "cache.t3.small"
 multi_az_enabled = false"#,
        to: r#"node_type = "cache.t3.medium"
 multi_az_enabled = true"#,
        pending: json!({"node_type": "cache.t3.medium", "multi_az_enabled": "true"}),
        running: json!({"node_type": "cache.t3.small", "multi_az_enabled": "false"}),
        message: false,
        ..cases::node_type()
    };
    let fixture = created(&case);
    waits(&fixture, &case);
    fixture.change_and_verify(&config(&case, case.to, "apply_immediately = true"));
    assert_eq!(fixture.group()["pending_modified_values"], json!({}));
    assert!(!fixture.control(|aws| aws.has_pending("hurry")));
    assert_eq!(fixture.sent("CacheNodeType"), ["cache.t3.medium", "cache.t3.medium"]);
    assert_eq!(fixture.sent("ApplyImmediately"), ["false", "true"]);
    assert_eq!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").len(), 0, "in place");
}

#[test]
fn pending_tls_is_made_at_once_when_apply_immediately_is_set_later() {
    let case = Case { id: "hurrytls", ..cases::tls() };
    let fixture = created(&case);
    waits(&fixture, &case);
    fixture.change_and_verify(&config(&case, case.to, "apply_immediately = true"));
    assert_eq!(fixture.group()["pending_modified_values"], json!({}));
    assert!(!fixture.control(|aws| aws.has_pending("hurrytls")));
    assert_eq!(connection(&fixture)["ssl"], true, "dependents follow in the same apply");
    assert_eq!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").len(), 0, "in place");
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

/// A plan that takes a change back and makes another one at once carries nothing out.
#[test]
fn what_is_taken_back_is_not_carried_out_by_an_immediate_change_of_the_same_plan() {
    let case = Case { id: "bothways", ..cases::version_with_its_default_parameter_group() };
    let fixture = created(&case);
    waits(&fixture, &case);
    fixture.change_and_verify(&config(
        &case,
        &format!("{}\n snapshot_retention_limit = 3", case.from),
        "apply_immediately = true",
    ));
    assert_eq!(fixture.group()["engine_version_actual"], "6.2.6");
    assert_eq!(fixture.sent("ApplyImmediately"), ["false", "false", "true"]);
    assert_eq!(fixture.sent("EngineVersion"), ["7.1", "6.2"]);
}

/// Where AWS does not take it back, the immediate change is not begun: it would carry the upgrade out.
#[test]
fn nothing_immediate_follows_a_change_that_could_not_be_taken_back() {
    let case = Case { id: "stopped", ..cases::version_with_its_default_parameter_group() };
    let fixture = created(&case);
    waits(&fixture, &case);
    fixture.control(|aws| {
        aws.ignore_running_values();
    });
    let both = format!("{}\n snapshot_retention_limit = 3", case.from);
    fixture.terraform.configure(&config(&case, &both, "apply_immediately = true"));
    let failed = fixture.terraform.apply_fails();
    let error = failed.iter().find(|it| it.summary == "AWS did not withdraw pending changes");
    let error = error.unwrap_or_else(|| panic!("{failed:#?}"));
    assert!(error.detail.contains("would carry them out, so it was not started"), "{error}");
    assert!(error.detail.contains("sun:05:00-sun:07:00 UTC"), "{error}");
    assert!(fixture.control(|aws| aws.has_pending(case.id)));
    assert_eq!(fixture.sent("SnapshotRetentionLimit"), Vec::<String>::new());
}

/// A change that is always immediate carries out what waits, and the plan says so.
#[test]
fn an_immediate_change_announces_what_it_carries_out() {
    let case = Case { id: "carried", ..cases::version_within_a_family() };
    let fixture = created(&case);
    waits(&fixture, &case);
    fixture.log_groups(&["logs"]);
    let log = r#"log_delivery_configuration {
 destination = "logs"
 destination_type = "cloudwatch-logs"
 log_format = "json"
 log_type = "slow-log"
 }"#;
    fixture.terraform.configure(&config(&case, &format!("{}\n {log}", case.to), LATER));
    let plan = fixture.terraform.plan();
    assert_eq!(summaries(&plan.diagnostics), ["Pending changes are carried out with this plan"]);
    assert!(plan.diagnostics[0].detail.contains(r#"engine_version = "7.1.0""#), "{:?}", plan.diagnostics);
    fixture.terraform.apply();
    fixture.terraform.assert_settled();
    assert_eq!(fixture.group()["engine_version_actual"], "7.1.0");
    assert_eq!(fixture.group()["pending_modified_values"], json!({}));
}

/// What somebody else requested appears as drift, and the configuration takes it back.
#[test]
fn a_pending_change_of_another_client_is_taken_back() {
    let case = Case { id: "foreign", ..cases::node_type() };
    let fixture = created(&case);
    fixture
        .other_client("ModifyReplicationGroup", "ReplicationGroupId=foreign CacheNodeType=cache.t3.medium");
    let plan = fixture.terraform.plan();
    assert_eq!(moved(&plan), [GROUP]);
    assert_eq!(summaries(&plan.diagnostics), [TAKEN_BACK]);
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
