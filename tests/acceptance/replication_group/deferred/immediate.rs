//! Immediate changes beside those that wait.

use serde_json::json;

use super::cases::{self, Case, LATER, config};
use super::{connection, created, summaries, waits};

/// The warning says so, and it is so.
#[test]
fn is_carried_out_at_once_when_apply_immediately_is_set_later() {
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
fn pending_tls_is_carried_out_at_once_when_apply_immediately_is_set_later() {
    let case = Case { id: "hurrytls", ..cases::tls() };
    let fixture = created(&case);
    waits(&fixture, &case);
    fixture.change_and_verify(&config(&case, case.to, "apply_immediately = true"));
    assert_eq!(fixture.group()["pending_modified_values"], json!({}));
    assert!(!fixture.control(|aws| aws.has_pending("hurrytls")));
    assert_eq!(connection(&fixture)["ssl"], true, "dependents follow in the same apply");
    assert_eq!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").len(), 0, "in place");
}

/// A plan that withdraws a change and makes another one at once carries nothing out.
#[test]
fn what_is_withdrawn_is_not_carried_out_by_an_immediate_change_of_the_same_plan() {
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

/// Where AWS does not withdraw it, the immediate change is not begun: it would carry the upgrade out.
#[test]
fn nothing_immediate_follows_a_change_that_could_not_be_withdrawn() {
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
