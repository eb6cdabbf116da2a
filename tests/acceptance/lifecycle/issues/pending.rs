//! Changes that wait for the maintenance window.

use serde_json::json;

use crate::steer::{THIS, control, group, instant, modifications};

/// With apply_immediately off, each plan repeated the change until the window came.
#[test]
fn aws_27363_what_is_pending_is_not_planned_again() {
    let with = |node: &str, version: &str| {
        group(&format!(
            "num_cache_clusters = 2\nengine_version = {version:?}\nnode_type = {node:?}\nautomatic_failover_enabled = true"
        ))
    };
    let world = instant(&with("cache.t4g.small", "7.0"));
    world.applied();
    world.then(&with("cache.t4g.medium", "7.1"));
    assert!(control(&world.aws, |aws| aws.has_pending("cache")));
    let pending = world.terraform.state(THIS)["pending_modified_values"].clone();
    assert_eq!(pending["node_type"], "cache.t4g.medium", "{pending}");
    assert!(control(&world.aws, |aws| aws.open_window("cache")));
    world.applied();
    assert_eq!(world.terraform.text(THIS, "engine_version_actual"), "7.1.0");
    assert_eq!(world.terraform.state(THIS)["pending_modified_values"], json!({}));
}

/// Apply said "complete" though nothing had changed yet.
#[test]
fn aws_24733_a_change_that_waits_is_announced() {
    let with = |node: &str| {
        group(&format!(
            "num_cache_clusters = 1\nmaintenance_window = \"tue:03:00-tue:04:00\"\nnode_type = {node:?}"
        ))
    };
    let world = instant(&with("cache.t4g.small"));
    world.applied();
    world.terraform.configure(&with("cache.t4g.medium"));
    let warnings: String = world.terraform.apply().iter().map(ToString::to_string).collect();
    for part in ["maintenance window", "tue:03:00-tue:04:00", "node_type", "cache.t4g.medium"] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
    world.terraform.assert_settled();
}

fn log(kind: &str, to: &str) -> String {
    format!(
        "\nlog_delivery_configuration {{\nlog_type = {kind:?}\nlog_format = \"json\"\n\
         destination_type = \"cloudwatch-logs\"\ndestination = {to:?}\n}}"
    )
}

/// AWS takes log delivery only immediately; without apply_immediately the change was refused.
#[test]
fn aws_49842_log_delivery_needs_no_apply_immediately() {
    let with = |logs: &str| group(&format!("num_cache_clusters = 1\nengine_version = \"7.1\"{logs}"));
    let world = instant(&with(""));
    world.applied();
    world.log_groups(&["/slow", "/slow2", "/engine"]);
    world.aws.record().clear();
    world.then(&with(&log("slow-log", "/slow")));
    world.then(&with(&(log("slow-log", "/slow2") + &log("engine-log", "/engine"))));
    world.then(&with(&log("engine-log", "/engine")));
    world.then(&with(""));
    let sent = modifications(&world.aws);
    assert_eq!(sent.len(), 4);
    assert!(sent.iter().all(|call| call.parameter("ApplyImmediately").as_deref() == Some("true")));
}

/// A log that was still being switched on was planned again, although it was on its way.
#[test]
fn aws_49270_log_delivery_that_is_on_its_way_is_no_difference() {
    let with = |logs: &str| group(&format!("num_cache_clusters = 1\nengine_version = \"7.1\"{logs}"));
    let world = instant(&with(""));
    world.applied();
    world
        .aws
        .with_world(|aws| aws.elasticache.configure(|config| config.durations.log_delivery = 86_400_000));
    world.log_groups(&["/slow", "/other"]);
    world.then(&with(&log("slow-log", "/slow")));
    world.then(&with(&log("slow-log", "/other")));
    world.then(&with(""));
}
