//! One alarm over all alarms.

use serde_json::json;

use crate::alarm_set::parts::{
    SET, TOPIC, alarms, composites, delete_by_hand, nodes_of, shards_of, stack, writes, written,
};
use crate::aws_control::{failure, instant};
use crate::simulator::{InjectedFault, on};

fn over(more: &str) -> String {
    format!(
        r#"preset = "basic"
alarm_actions = ["{TOPIC}"]
composite_alarm = {{{more}}}"#
    )
}

#[test]
fn one_message_goes_out() {
    let fixture = instant(&stack(&nodes_of(2), &over("")));
    fixture.apply_and_verify();
    let all = composites(&fixture);
    let alarm = &all["cache-alarms"];
    assert_eq!(all.len(), 1);
    assert_eq!(alarm["AlarmActions"], json!([TOPIC]));
    assert_eq!(
        alarm["AlarmRule"],
        r#"ALARM("cache-001-CPUUtilization") OR ALARM("cache-001-DatabaseMemoryUsagePercentage") OR ALARM("cache-002-CPUUtilization") OR ALARM("cache-002-DatabaseMemoryUsagePercentage")"#
    );
    for (name, alarm) in alarms(&fixture) {
        assert_eq!(alarm["AlarmActions"], json!([]), "{name} tells nobody by itself");
    }
    // Without it, each alarm tells for itself again.
    fixture.change_and_verify(&stack(&nodes_of(2), &over("").replace("composite_alarm", "#")));
    assert!(composites(&fixture).is_empty());
    assert!(alarms(&fixture).values().all(|alarm| alarm["AlarmActions"] == json!([TOPIC])));
}

#[test]
fn an_alarm_with_actions_of_its_own_keeps_them() {
    let own = format!(
        r#"
metrics = {{ CPUUtilization = {{ alarm_actions = ["{TOPIC}"] }} }}"#
    );
    let fixture = instant(&stack(&nodes_of(1), &(over("") + &own)));
    fixture.apply_and_verify();
    let alarms = alarms(&fixture);
    assert_eq!(alarms["cache-001-CPUUtilization"]["AlarmActions"], json!([TOPIC]));
    assert_eq!(alarms["cache-001-DatabaseMemoryUsagePercentage"]["AlarmActions"], json!([]));
}

/// 12 shards of 2 nodes with 5 alarms are 120, more than one rule takes.
#[test]
fn more_than_a_hundred_alarms_are_watched_in_parts() {
    let config = |shards| stack(&shards_of(shards, 1), "composite_alarm = {}");
    let fixture = instant(&config(12));
    fixture.apply_and_verify();
    assert_eq!(alarms(&fixture).len(), 120);
    let all = composites(&fixture);
    let children = |name: &str| all[name]["AlarmRule"].as_str().unwrap().matches("ALARM(").count();
    assert_eq!((children("cache-alarms-1"), children("cache-alarms-2")), (100, 20));
    assert_eq!(all["cache-alarms"]["AlarmRule"], r#"ALARM("cache-alarms-1") OR ALARM("cache-alarms-2")"#);
    assert_eq!(all["cache-alarms-1"]["AlarmActions"], json!([]));

    // Back to what fits into one: the parts go, in an order that CloudWatch takes.
    fixture.change_and_verify(&config(2));
    assert_eq!(composites(&fixture).into_keys().collect::<Vec<_>>(), ["cache-alarms"]);

    fixture.change_and_verify(&config(12));
    fixture.aws.record().clear();
    fixture.terraform.destroy();
    assert!(composites(&fixture).is_empty() && alarms(&fixture).is_empty());
    assert_eq!(writes(&fixture), ["DeleteAlarms"; 5], "three composite ones, then a hundred at a time");
}

#[test]
fn a_new_name_is_made_before_the_old_one_goes() {
    let fixture = instant(&stack(&nodes_of(1), &over("")));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.terraform.configure(&stack(&nodes_of(1), &over(r#"name_template = "prod-{id}""#)));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(writes(&fixture), ["PutCompositeAlarm", "DeleteAlarms"]);
    assert_eq!(composites(&fixture).into_keys().collect::<Vec<_>>(), ["prod-cache"]);
}

#[test]
fn a_deleted_one_is_made_again_alone() {
    let fixture = instant(&stack(&nodes_of(1), &over("")));
    fixture.apply_and_verify();
    delete_by_hand(&fixture, &["cache-alarms"]);
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert_eq!(writes(&fixture), ["PutCompositeAlarm"]);
}

/// A refusal of the composite alarm leaves the others in the state; the next apply makes
/// what is missing and nothing else.
#[test]
fn its_refusal_costs_nothing_that_is_there() {
    let fixture = instant(&stack(&nodes_of(1), &over("").replace("composite_alarm", "#")));
    fixture.apply_and_verify();
    fixture.aws.fault(on("cloudwatch", "PutCompositeAlarm"), InjectedFault::Deny);
    fixture.terraform.configure(&stack(&nodes_of(1), &over("")));
    let message = failure(&fixture);
    assert!(message.contains(r#"Failed to write composite alarm "cache-alarms""#), "{message}");
    assert_eq!(fixture.terraform.state(SET)["composite_alarms"], json!({}));
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert_eq!(writes(&fixture), ["PutCompositeAlarm"]);
    assert!(written(&fixture).is_empty());
}

/// A set and a composite alarm of its own, each with a suppressor: it is set, kept by an import, and removed.
#[test]
fn a_suppressor_is_set_and_removed() {
    let alarms = |suppressed: bool| {
        let (of_set, of_alarm) = match suppressed {
            true => (
                "actions_enabled = false, actions_suppressor = { alarm = elasticache_composite_alarm.this.arn, wait_period = \
                 60, extension_period = 0 }",
                "actions_suppressor {\nalarm = elasticache_metric_alarm.maintenance.alarm_name\nwait_period = \
                 0\nextension_period = 300\n}",
            ),
            false => ("", ""),
        };
        stack(&nodes_of(1), &over(of_set))
            + &format!(
                r#"resource "elasticache_metric_alarm" "maintenance" {{
alarm_name = "maintenance"
evaluation_interval = 60
evaluation_criteria {{
promql_criteria {{
query = "maintenance > 0"
}}
}}
}}
resource "elasticache_composite_alarm" "this" {{
alarm_name = "quiet"
alarm_rule = <<-EOT
  ALARM("${{elasticache_metric_alarm.maintenance.alarm_name}}")
    OR FALSE
  EOT
{of_alarm}
}}
"#
            )
    };
    let fixture = instant(&alarms(true));
    fixture.apply_and_verify();
    let all = composites(&fixture);
    assert_eq!(all["cache-alarms"]["ActionsSuppressor"], "quiet");
    assert_eq!(all["cache-alarms"]["ActionsEnabled"], false);
    assert_eq!(all["quiet"]["ActionsSuppressor"], "maintenance");
    assert_eq!(all["quiet"]["ActionsSuppressorExtensionPeriod"], 300);
    let imports = [
        ("elasticache_replication_group.this", "cache"),
        (SET, "cache/{member}-{alarm}"),
        ("elasticache_composite_alarm.this", "quiet"),
        ("elasticache_metric_alarm.maintenance", "maintenance"),
    ];
    let block = |(to, id): (&str, &str)| format!("import {{\n  to = {to}\n  id = {id:?}\n}}\n");
    let imported = fixture.workspace(&(alarms(true) + &imports.map(block).concat()));
    imported.plan().assert_empty();

    fixture.change_and_verify(&alarms(false));
    let all = composites(&fixture);
    assert!(all.values().all(|alarm| alarm["ActionsSuppressor"].is_null()), "{all:?}");
    assert_eq!(all["cache-alarms"]["ActionsEnabled"], true);
    fixture.terraform.destroy();
    assert!(composites(&fixture).is_empty() && self::alarms(&fixture).is_empty());
}

/// A composite alarm of its own: 60 alarms that its rule names twice each are 60 alarms, not 120.
#[test]
fn an_alarm_of_several_functions_counts_once() {
    let configuration = r#"resource "elasticache_metric_alarm" "each" {
  count               = 60
  alarm_name          = "busy-${count.index}"
  namespace           = "AWS/ElastiCache"
  metric_name         = "EngineCPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 80
  period              = 300
}
resource "elasticache_composite_alarm" "this" {
  alarm_name = "any"
  alarm_rule = join(" OR ", [for alarm in elasticache_metric_alarm.each :
    "ALARM(\"${alarm.alarm_name}\") OR INSUFFICIENT_DATA(${alarm.arn})"
  ])
}
"#;
    let fixture = instant(configuration);
    fixture.apply_and_verify();
    let rule = composites(&fixture)["any"]["AlarmRule"].as_str().unwrap().to_owned();
    assert_eq!(rule.matches('(').count(), 120);
}

/// A composite alarm of another resource over all alarms of the set, under this name.
fn outer(of_set: &str, rule: &str) -> String {
    stack(of_set, r#"preset = "basic""#)
        + &format!(
            r#"resource "elasticache_composite_alarm" "outer" {{
alarm_name = "outer"
alarm_rule = {rule}
}}
"#
        )
}

/// The rule over all alarms that the set has.
const ALL: &str =
    r#"join(" OR ", [for name in elasticache_alarm_set.this.alarm_names : "ALARM(\"${name}\")"])"#;

/// CloudWatch does not delete the alarms of a node while the composite alarm has them in its rule, and Terraform changes
/// the composite alarm after the set.
#[test]
fn alarms_of_a_composite_alarm_of_another_resource_follow_the_nodes() {
    let fixture = instant(&outer(&nodes_of(3), ALL));
    fixture.apply_and_verify();
    assert_eq!(alarms(&fixture).len(), 6);
    fixture.change_and_verify(&outer(&nodes_of(1), ALL));
    assert_eq!(alarms(&fixture).len(), 2);
    assert_eq!(composites(&fixture)["outer"]["AlarmRule"].as_str().unwrap().matches("ALARM(").count(), 2);
    fixture.terraform.destroy();
    assert!(composites(&fixture).is_empty() && alarms(&fixture).is_empty());
}

/// A composite alarm of another owner releases the alarms some time later.
#[test]
fn alarms_of_a_foreign_composite_alarm_are_deleted_after_their_release() {
    let fixture = instant(&stack(&nodes_of(2), r#"preset = "basic""#));
    fixture.apply_and_verify();
    let rule = |rule: &str| {
        let alarm = json!({ "AlarmName": "foreign", "AlarmRule": rule });
        fixture.ask("cloudwatch", "PutCompositeAlarm", &alarm);
    };
    rule(r#"ALARM("cache-002-CPUUtilization")"#);
    fixture.change_and_verify(&stack(&nodes_of(1), r#"preset = "basic""#));
    assert_eq!(alarms(&fixture).len(), 3);
    rule("FALSE");
    fixture.terraform.plan().assert_update(SET, &["composite_alarms"]);
    fixture.apply_and_verify();
    assert_eq!(alarms(&fixture).len(), 2);
}

/// An alarm that is removed together with its name in the rule: Terraform deletes it first, unless its state has
/// `create_before_destroy`.
#[test]
fn an_alarm_in_a_rule_is_deleted_after_the_change_of_the_rule() {
    let config = |keys: &str, first: bool| {
        format!(
            r#"resource "elasticache_metric_alarm" "each" {{
  for_each            = toset({keys})
  alarm_name          = each.key
  namespace           = "AWS/ElastiCache"
  metric_name         = "EngineCPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 80
  period              = 300
  lifecycle {{
    create_before_destroy = {first}
  }}
}}
resource "elasticache_composite_alarm" "this" {{
  alarm_name = "any"
  alarm_rule = join(" OR ", [for alarm in elasticache_metric_alarm.each : "ALARM(\"${{alarm.alarm_name}}\")"])
}}
"#
        )
    };
    let fixture = instant(&config(r#"["a", "b"]"#, false));
    fixture.apply_and_verify();
    fixture.terraform.configure(&config(r#"["a"]"#, false));
    let message = failure(&fixture);
    assert!(message.contains(r#"Failed to delete alarm "b""#), "{message}");
    assert!(message.contains(r#""b" in the rule of "any""#), "{message}");
    fixture.change_and_verify(&config(r#"["a", "b"]"#, true));
    fixture.change_and_verify(&config(r#"["a"]"#, true));
    assert_eq!(alarms(&fixture).into_keys().collect::<Vec<_>>(), ["a"]);
}
