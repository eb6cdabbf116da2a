//! Switching, tuning, naming and adding alarms.

use std::collections::BTreeMap;

use serde_json::json;

use crate::alarm_set::parts::{
    SET, TOPIC, alarms, dimensions, each, names, nodes_of, stack, writes, written,
};
use crate::aws_control::instant;

#[test]
fn alarms_are_switched_and_tuned_one_by_one() {
    let config = |metrics: &str| stack(&nodes_of(2), &format!("metrics = {{ {metrics} }}"));
    let fixture = instant(&config("Evictions = { enabled = false }\nEngineCPUUtilization = {}"));
    fixture.apply_and_verify();
    let metrics = [
        "CPUUtilization",
        "CacheHitRate",
        "DatabaseMemoryUsagePercentage",
        "EngineCPUUtilization",
        "ReplicationLag",
    ];
    assert_eq!(names(&fixture), each(&["cache-001", "cache-002"], &metrics));

    fixture.aws.record().clear();
    let tuned = r#"CPUUtilization = { threshold = 60.5, period = 60, evaluation_periods = 5, datapoints_to_alarm = 3,
statistic = "p95", treat_missing_data = "breaching" }"#;
    fixture.change_and_verify(&config(&format!(
        "{tuned}\nEvictions = {{ enabled = false }}\nEngineCPUUtilization = {{}}"
    )));
    assert_eq!(written(&fixture).len(), 2, "the others are left as they are");
    assert_eq!(writes(&fixture).len(), 2);
    let alarm = &alarms(&fixture)["cache-001-CPUUtilization"];
    assert_eq!(alarm["Threshold"], 60.5);
    assert_eq!(alarm["ExtendedStatistic"], "p95");
    assert_eq!(alarm["DatapointsToAlarm"], 3);
    assert_eq!(alarm["TreatMissingData"], "breaching");
    assert_eq!(
        alarm["AlarmDescription"],
        "CPUUtilization of cache-001 above 60.5 % in 3 of 5 periods of 1 minute"
    );
}

#[test]
fn the_metrics_with_defaults_that_no_preset_has() {
    let metrics = "FreeableMemory = { threshold = 100000000 }\nCurrConnections = { threshold = 1000 }\n\
                   SwapUsage = {}\nNetworkBandwidthInAllowanceExceeded = {}\nNetworkBandwidthOutAllowanceExceeded = {}\n\
                   EngineCPUUtilization = {}";
    let fixture = instant(&stack(
        &nodes_of(1),
        &format!(
            r#"preset = "none"
metrics = {{ {metrics} }}"#
        ),
    ));
    fixture.apply_and_verify();
    let observed: BTreeMap<String, (String, f64, String, String)> = alarms(&fixture)
        .into_values()
        .map(|it| {
            let text = |name: &str| it[name].as_str().unwrap().to_owned();
            let row = (
                text("ComparisonOperator"),
                it["Threshold"].as_f64().unwrap(),
                text("Statistic"),
                text("TreatMissingData"),
            );
            (text("MetricName"), row)
        })
        .collect();
    let row = |operator: &str, threshold, statistic: &str, missing: &str| {
        (operator.to_owned(), threshold, statistic.to_owned(), missing.to_owned())
    };
    let above = "GreaterThanThreshold";
    let expected = [
        ("CurrConnections", row(above, 1000.0, "Average", "missing")),
        ("EngineCPUUtilization", row(above, 90.0, "Average", "missing")),
        ("FreeableMemory", row("LessThanThreshold", 100_000_000.0, "Average", "missing")),
        ("NetworkBandwidthInAllowanceExceeded", row(above, 0.0, "Sum", "notBreaching")),
        ("NetworkBandwidthOutAllowanceExceeded", row(above, 0.0, "Sum", "notBreaching")),
        ("SwapUsage", row(above, 52_428_800.0, "Average", "missing")),
    ];
    assert_eq!(observed, expected.map(|(metric, row)| (metric.to_owned(), row)).into());
}

#[test]
fn two_alarms_on_one_metric_and_one_of_another_namespace() {
    let metrics = format!(
        r#"warm = {{ metric_name = "CPUUtilization", threshold = 50 }}
hot = {{ metric_name = "CPUUtilization", threshold = 90, alarm_actions = ["{TOPIC}"] }}
queue = {{ metric_name = "QueueLength", namespace = "Celery", scope = "group",
dimensions = {{ Broker = "{{id}}" }}, threshold = 100, statistic = "Maximum",
comparison_operator = "GreaterThanThreshold" }}
engine = {{ metric_name = "EngineCPUUtilization", scope = "group" }}"#
    );
    let fixture = instant(&stack(
        &nodes_of(2),
        &format!(
            r#"preset = "none"
metrics = {{ {metrics} }}"#
        ),
    ));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let alarms = alarms(&fixture);
    let names: Vec<&str> = alarms.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["cache-001-hot", "cache-001-warm", "cache-002-hot", "cache-002-warm", "cache-engine", "cache-queue"]
    );
    assert_eq!(alarms["cache-001-hot"]["AlarmActions"], json!([TOPIC]));
    assert_eq!(alarms["cache-001-warm"]["AlarmActions"], json!([]));
    let of = |name: &str| dimensions(&alarms[name]).into_iter().collect::<Vec<_>>();
    assert_eq!(of("cache-queue"), [("Broker".to_owned(), "cache".to_owned())]);
    assert_eq!(of("cache-engine"), [("ReplicationGroupId".to_owned(), "cache".to_owned())]);
}

#[test]
fn new_names_are_made_before_the_old_ones_go() {
    let config = |template: &str| {
        stack(
            &nodes_of(1),
            &format!(
                r#"preset = "basic"
name_template = "{template}""#
            ),
        )
    };
    let fixture = instant(&config("{member}-{alarm}"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.terraform.configure(&config("prod {id} {metric} on {member}"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(writes(&fixture), ["PutMetricAlarm", "PutMetricAlarm", "DeleteAlarms"]);
    let names: Vec<String> = names(&fixture).into_iter().collect();
    assert_eq!(
        names,
        ["prod cache CPUUtilization on cache-001", "prod cache DatabaseMemoryUsagePercentage on cache-001"]
    );
}

#[test]
fn actions_of_each_kind() {
    let topic = |name: &str| format!("arn:aws:sns:eu-west-1:123456789012:{name}");
    let set = format!(
        r#"preset = "basic"
actions_enabled = false
alarm_actions = ["{}"]
ok_actions = ["{}"]
insufficient_data_actions = ["{}"]"#,
        topic("alarm"),
        topic("ok"),
        topic("unknown")
    );
    let fixture = instant(&stack(&nodes_of(1), &set));
    fixture.apply_and_verify();
    for alarm in alarms(&fixture).values() {
        assert_eq!(alarm["AlarmActions"], json!([topic("alarm")]));
        assert_eq!(alarm["OKActions"], json!([topic("ok")]));
        assert_eq!(alarm["InsufficientDataActions"], json!([topic("unknown")]));
        assert_eq!(alarm["ActionsEnabled"], false);
    }
}

/// The topic is made in the same apply, so its ARN is not known when the plan is made.
#[test]
fn a_topic_that_is_not_known_yet() {
    let topic = r#"resource "terraform_data" "topic" {
 input = "arn:aws:sns:eu-west-1:123456789012:new"
}
"#;
    let set = r#"preset = "basic"
alarm_actions = [terraform_data.topic.output]"#;
    let fixture = instant(&(topic.to_owned() + &stack(&nodes_of(1), set)));
    let plan = fixture.terraform.plan();
    assert!(plan.is_unknown(SET, "alarms"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert!(
        alarms(&fixture).values().all(|alarm| alarm["AlarmActions"][0].as_str().unwrap().ends_with(":new"))
    );
}
