//! Changes that wait for the maintenance window.

use serde_json::json;

use crate::aws_control::{control, instant, modifications};
use crate::hcl::{GROUP, small_group};

/// With apply_immediately off, each plan repeated the change until the window came.
#[test]
fn aws_27363_what_is_pending_is_not_planned_again() {
    let with = |node: &str, version: &str| {
        small_group(&format!(
            "num_cache_clusters = 2\nengine_version = {version:?}\nnode_type = {node:?}\nautomatic_failover_enabled = true"
        ))
    };
    let fixture = instant(&with("cache.t4g.small", "7.0"));
    fixture.apply_and_verify();
    fixture.change_and_verify(&with("cache.t4g.medium", "7.1"));
    assert!(control(&fixture.aws, |aws| aws.has_pending("cache")));
    let pending = fixture.terraform.state(GROUP)["pending_modified_values"].clone();
    assert_eq!(pending["node_type"], "cache.t4g.medium", "{pending}");
    assert!(control(&fixture.aws, |aws| aws.open_window("cache")));
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.text(GROUP, "engine_version_actual"), "7.1.0");
    assert_eq!(fixture.terraform.state(GROUP)["pending_modified_values"], json!({}));
}

/// Apply said "complete" though nothing had changed yet.
#[test]
fn aws_24733_a_change_that_waits_is_announced() {
    let with = |node: &str| {
        small_group(&format!(
            r#"num_cache_clusters = 1
maintenance_window = "tue:03:00-tue:04:00"
node_type = {node:?}"#
        ))
    };
    let fixture = instant(&with("cache.t4g.small"));
    fixture.apply_and_verify();
    fixture.terraform.configure(&with("cache.t4g.medium"));
    let warnings: String = fixture.terraform.apply().iter().map(ToString::to_string).collect();
    for part in ["maintenance window", "tue:03:00-tue:04:00", "node_type", "cache.t4g.medium"] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
    fixture.terraform.assert_settled();
}

fn log(kind: &str, to: &str) -> String {
    format!(
        r#"
log_delivery_configuration {{
log_type = {kind:?}
log_format = "json"
destination_type = "cloudwatch-logs"
destination = {to:?}
}}"#
    )
}

/// AWS takes log delivery only immediately; without apply_immediately the change was refused.
#[test]
fn aws_49842_log_delivery_needs_no_apply_immediately() {
    let with = |logs: &str| {
        small_group(&format!(
            r#"num_cache_clusters = 1
engine_version = "7.1"{logs}"#
        ))
    };
    let fixture = instant(&with(""));
    fixture.apply_and_verify();
    fixture.log_groups(&["/slow", "/slow2", "/engine"]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&with(&log("slow-log", "/slow")));
    fixture.change_and_verify(&with(&(log("slow-log", "/slow2") + &log("engine-log", "/engine"))));
    fixture.change_and_verify(&with(&log("engine-log", "/engine")));
    fixture.change_and_verify(&with(""));
    let sent = modifications(&fixture.aws);
    assert_eq!(sent.len(), 4);
    assert!(sent.iter().all(|call| call.parameter("ApplyImmediately").as_deref() == Some("true")));
}

/// A log that was still being switched on was planned again, although it was on its way.
#[test]
fn aws_49270_log_delivery_that_is_on_its_way_is_no_difference() {
    let with = |logs: &str| {
        small_group(&format!(
            r#"num_cache_clusters = 1
engine_version = "7.1"{logs}"#
        ))
    };
    let fixture = instant(&with(""));
    fixture.apply_and_verify();
    fixture
        .aws
        .with_state(|aws| aws.elasticache.configure(|config| config.durations.log_delivery = 86_400_000));
    fixture.log_groups(&["/slow", "/other"]);
    fixture.change_and_verify(&with(&log("slow-log", "/slow")));
    fixture.change_and_verify(&with(&log("slow-log", "/other")));
    fixture.change_and_verify(&with(""));
}
