//! The dashboard of a replication group, with the real Terraform against the simulated AWS.

use serde_json::{Value, json};

use crate::aws_control::instant;
use crate::fixture::Fixture;
use crate::hcl::small_group;
use crate::simulator::{InjectedFault, on};
use crate::support::terraform::only;

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

fn body(fixture: &Fixture) -> Value {
    let found = fixture.ask("cloudwatch", "GetDashboard", &json!({ "DashboardName": "elasticache-cache" }));
    serde_json::from_str(found["DashboardBody"].as_str().unwrap()).unwrap()
}

fn nodes(fixture: &Fixture) -> Vec<String> {
    let body = body(fixture);
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
    let config = |count: u32| small_group(&format!("num_cache_clusters = {count}")) + &dashboard("");
    let fixture = instant(&config(1));
    fixture.apply_and_verify();
    assert_eq!(nodes(&fixture), ["cache-001"]);
    fixture.change_and_verify(&config(3));
    assert_eq!(nodes(&fixture), ["cache-001", "cache-002", "cache-003"]);
    fixture.change_and_verify(&config(2));
    assert_eq!(nodes(&fixture), ["cache-001", "cache-002"]);
    fixture.terraform.destroy();
    assert_eq!(fixture.aws.calls("cloudwatch", "DeleteDashboards").len(), 1);
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
        small_group("num_cache_clusters = 1")
            + &alarms
            + &dashboard(&format!("alarm_set = elasticache_alarm_set.this\n{more}"))
    };
    let line = |fixture: &Fixture| {
        body(fixture)["widgets"][1]["properties"]["annotations"]["horizontal"][0]["value"].clone()
    };
    let fixture = instant(&config(70, ""));
    fixture.apply_and_verify();
    assert_eq!(line(&fixture), 70.0);
    fixture.change_and_verify(&config(60, ""));
    assert_eq!(line(&fixture), 60.0);
    let own = r#"widgets = jsonencode([{ type = "text", properties = { markdown = "Runbook" } }])"#;
    fixture.change_and_verify(&config(60, own));
    assert_eq!(body(&fixture)["widgets"][9]["properties"]["markdown"], "Runbook");
    // Another spelling of the same JSON is no change.
    let spelled = r#"widgets = "[ {\"properties\":{\"markdown\":\"Runbook\"}, \"type\":\"text\"} ]""#;
    fixture.terraform.configure(&config(60, spelled));
    fixture.terraform.plan().assert_empty();
}

#[test]
fn a_change_in_the_console_is_drift_and_is_repaired() {
    let fixture = instant(&(small_group("num_cache_clusters = 1") + &dashboard("")));
    fixture.apply_and_verify();
    let before = body(&fixture);
    let foreign = json!({ "DashboardName": "elasticache-cache", "DashboardBody": r#"{"widgets":[]}"# });
    fixture.ask("cloudwatch", "PutDashboard", &foreign);
    let plan = fixture.terraform.plan();
    plan.assert_update(DASHBOARD, &["body"]);
    fixture.apply_and_verify();
    assert_eq!(body(&fixture), before);
    // Deleted behind the back of Terraform, it is created again.
    fixture.ask("cloudwatch", "DeleteDashboards", &json!({ "DashboardNames": ["elasticache-cache"] }));
    fixture.apply_and_verify();
    assert_eq!(body(&fixture), before);
}

#[test]
fn an_existing_dashboard_is_imported_or_overwritten_never_taken_silently() {
    let config = |more: &str| small_group("num_cache_clusters = 2") + &dashboard(more);
    let fixture = instant(&config(""));
    fixture.apply_and_verify();
    for id in ["elasticache-cache", "arn:aws:cloudwatch::123456789012:dashboard/elasticache-cache"] {
        fixture.terraform.run(&["state", "rm", DASHBOARD]).succeeds();
        fixture.terraform.run(&["import", DASHBOARD, id]).succeeds();
        fixture.terraform.plan().assert_empty();
    }
    fixture.terraform.run(&["state", "rm", DASHBOARD]).succeeds();
    let foreign = json!({ "DashboardName": "elasticache-cache", "DashboardBody": r#"{"widgets":[]}"# });
    fixture.ask("cloudwatch", "PutDashboard", &foreign);
    let error = fixture.terraform.apply_fails();
    assert_eq!(only(&error).summary, r#"Dashboard "elasticache-cache" already exists"#);
    assert!(
        only(&error).detail.contains("terraform import elasticache_dashboard.NAME elasticache-cache"),
        "{error:?}"
    );
    assert_eq!(body(&fixture), json!({ "widgets": [] }));
    fixture.change_and_verify(&config("overwrite = true"));
    assert_eq!(nodes(&fixture), ["cache-001", "cache-002"]);
}

#[test]
fn a_refused_dashboard_is_an_error_with_the_words_of_cloudwatch() {
    let fixture = instant(&(small_group("num_cache_clusters = 1") + &dashboard("")));
    fixture.aws.fault(
        on("cloudwatch", "PutDashboard"),
        InjectedFault::code("DashboardInvalidInputError", "The dashboard body is invalid"),
    );
    let error = fixture.terraform.apply_fails();
    assert_eq!(only(&error).summary, r#"Failed to create dashboard "elasticache-cache""#);
    assert!(only(&error).detail.contains("The dashboard body is invalid"), "{error:?}");
    fixture.apply_and_verify();
}

/// Dashboards are global: two groups with one ID in two Regions have the same default name.
#[test]
fn two_groups_of_one_id_in_two_regions_have_two_names() {
    let config = |name: &str| {
        let here = small_group("num_cache_clusters = 1");
        let there = here.replace("\"this\" {", "\"there\" {\n  region = \"us-east-1\"");
        let dashboards = dashboard("") + &dashboard(name);
        let (first, second) = dashboards.split_at(dashboards.rfind("resource").unwrap());
        let second = second.replace("\"this\" {", "\"there\" {").replace("group.this", "group.there");
        [&here, &there, first, &second].concat()
    };
    let fixture = instant(&small_group("num_cache_clusters = 1"));
    fixture.terraform.configure(&config(""));
    let error = fixture.terraform.plan_fails();
    assert_eq!(only(&error).summary, "Duplicate dashboard name");
    assert!(only(&error).detail.contains("Set `dashboard_name` in one of them"), "{error:?}");
    let applied = |configuration: &str| {
        fixture.terraform.configure(configuration);
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
    };
    applied(&config(r#"dashboard_name = "elasticache-cache-us-east-1""#));
    // A change of the Region of the dashboard alone creates it before the deletion, which spares it.
    let moved = |region: &str| {
        config(&format!(
            "dashboard_name = \"elasticache-cache-us-east-1\"\n region = {region:?}\n lifecycle {{\n create_before_destroy = \
             true\n }}"
        ))
    };
    applied(&moved("eu-west-1"));
    applied(&moved("us-east-1"));
    let found =
        fixture.ask("cloudwatch", "GetDashboard", &json!({ "DashboardName": "elasticache-cache-us-east-1" }));
    assert!(found["DashboardBody"].as_str().unwrap().contains("us-east-1"), "{found}");
}
