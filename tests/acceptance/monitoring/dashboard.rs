//! The dashboard of a replication group, with the real Terraform against the simulated AWS.

use serde_json::{Value, json};

use crate::simulator::{Fault, on};
use crate::steer::{group, instant};
use crate::support::terraform::only;
use crate::world::World;

const DASHBOARD: &str = "elasticache_dashboard.this";

fn dashboard(more: &str) -> String {
    format!(
        r#"
resource "elasticache_dashboard" "this" {{
  replication_group = elasticache_replication_group.this
  {more}
}}
"#
    )
}

fn body(world: &World) -> Value {
    let found = world.ask("cloudwatch", "GetDashboard", &json!({ "DashboardName": "elasticache-cache" }));
    serde_json::from_str(found["DashboardBody"].as_str().unwrap()).unwrap()
}

fn nodes(world: &World) -> Vec<String> {
    let body = body(world);
    let cpu = body["widgets"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["properties"]["title"] == "Memory (%)")
        .unwrap()
        .clone();
    let metrics = cpu["properties"]["metrics"].as_array().unwrap().clone();
    metrics.iter().map(|metric| metric[3].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_dashboard_follows_the_nodes_in_the_same_apply() {
    let config = |count: u32| group(&format!("num_cache_clusters = {count}")) + &dashboard("");
    let world = instant(&config(1));
    world.applied();
    assert_eq!(nodes(&world), ["cache-001"]);
    world.then(&config(3));
    assert_eq!(nodes(&world), ["cache-001", "cache-002", "cache-003"]);
    world.then(&config(2));
    assert_eq!(nodes(&world), ["cache-001", "cache-002"]);
    world.terraform.destroy();
    assert_eq!(world.aws.calls("cloudwatch", "DeleteDashboards").len(), 1);
}

#[test]
fn thresholds_and_widgets_are_changed_in_place() {
    let config = |threshold: u32, more: &str| {
        let alarms = format!(
            r#"
resource "elasticache_alarm_set" "this" {{
  replication_group = elasticache_replication_group.this
  metrics           = {{ CPUUtilization = {{ threshold = {threshold} }} }}
}}
"#
        );
        group("num_cache_clusters = 1")
            + &alarms
            + &dashboard(&format!("alarm_set = elasticache_alarm_set.this\n{more}"))
    };
    let line = |world: &World| {
        body(world)["widgets"][1]["properties"]["annotations"]["horizontal"][0]["value"].clone()
    };
    let world = instant(&config(70, ""));
    world.applied();
    assert_eq!(line(&world), 70.0);
    world.then(&config(60, ""));
    assert_eq!(line(&world), 60.0);
    let own = r#"widgets = jsonencode([{ type = "text", properties = { markdown = "Runbook" } }])"#;
    world.then(&config(60, own));
    assert_eq!(body(&world)["widgets"][9]["properties"]["markdown"], "Runbook");
    // Another spelling of the same JSON is no change.
    let spelled = r#"widgets = "[ {\"properties\":{\"markdown\":\"Runbook\"}, \"type\":\"text\"} ]""#;
    world.terraform.configure(&config(60, spelled));
    world.terraform.plan().assert_empty();
}

#[test]
fn a_change_in_the_console_is_drift_and_is_repaired() {
    let world = instant(&(group("num_cache_clusters = 1") + &dashboard("")));
    world.applied();
    let before = body(&world);
    let foreign = json!({ "DashboardName": "elasticache-cache", "DashboardBody": "{\"widgets\":[]}" });
    world.ask("cloudwatch", "PutDashboard", &foreign);
    let plan = world.terraform.plan();
    plan.assert_update(DASHBOARD, &["body"]);
    world.applied();
    assert_eq!(body(&world), before);
    // Deleted behind the back of Terraform, it is created again.
    world.ask("cloudwatch", "DeleteDashboards", &json!({ "DashboardNames": ["elasticache-cache"] }));
    world.applied();
    assert_eq!(body(&world), before);
}

#[test]
fn an_existing_dashboard_is_imported_or_overwritten_never_taken_silently() {
    let config = |more: &str| group("num_cache_clusters = 2") + &dashboard(more);
    let world = instant(&config(""));
    world.applied();
    for id in ["elasticache-cache", "arn:aws:cloudwatch::123456789012:dashboard/elasticache-cache"] {
        world.terraform.run(&["state", "rm", DASHBOARD]).succeeds();
        world.terraform.run(&["import", DASHBOARD, id]).succeeds();
        world.terraform.plan().assert_empty();
    }
    world.terraform.run(&["state", "rm", DASHBOARD]).succeeds();
    let foreign = json!({ "DashboardName": "elasticache-cache", "DashboardBody": "{\"widgets\":[]}" });
    world.ask("cloudwatch", "PutDashboard", &foreign);
    let error = world.terraform.apply_fails();
    assert_eq!(only(&error).summary, "Dashboard \"elasticache-cache\" already exists");
    assert!(
        only(&error).detail.contains("terraform import elasticache_dashboard.NAME elasticache-cache"),
        "{error:?}"
    );
    assert_eq!(body(&world), json!({ "widgets": [] }));
    world.then(&config("overwrite = true"));
    assert_eq!(nodes(&world), ["cache-001", "cache-002"]);
}

#[test]
fn a_refused_dashboard_is_an_error_with_the_words_of_cloudwatch() {
    let world = instant(&(group("num_cache_clusters = 1") + &dashboard("")));
    world.aws.fault(
        on("cloudwatch", "PutDashboard"),
        Fault::code("DashboardInvalidInputError", "The dashboard body is invalid"),
    );
    let error = world.terraform.apply_fails();
    assert_eq!(only(&error).summary, "Failed to create dashboard \"elasticache-cache\"");
    assert!(only(&error).detail.contains("The dashboard body is invalid"), "{error:?}");
    world.applied();
}
