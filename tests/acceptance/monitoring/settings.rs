//! Switching, tuning, naming and adding alarms.

use std::collections::BTreeMap;

use serde_json::json;

use crate::monitoring::parts::{
    SET, TOPIC, alarms, dimensions, each, names, nodes_of, stack, writes, written,
};
use crate::steer::instant;

#[test]
fn alarms_are_switched_and_tuned_one_by_one() {
    let config = |metrics: &str| stack(&nodes_of(2), &format!("metrics = {{ {metrics} }}"));
    let world = instant(&config("Evictions = { enabled = false }\nEngineCPUUtilization = {}"));
    world.applied();
    let metrics = [
        "CPUUtilization",
        "CacheHitRate",
        "DatabaseMemoryUsagePercentage",
        "EngineCPUUtilization",
        "ReplicationLag",
    ];
    assert_eq!(names(&world), each(&["cache-001", "cache-002"], &metrics));

    world.aws.record().clear();
    let tuned = "CPUUtilization = { threshold = 60.5, period = 60, evaluation_periods = 5, datapoints_to_alarm = 3,\n\
                 statistic = \"p95\", treat_missing_data = \"breaching\" }";
    world.then(&config(&format!("{tuned}\nEvictions = {{ enabled = false }}\nEngineCPUUtilization = {{}}")));
    assert_eq!(written(&world).len(), 2, "the others are left as they are");
    assert_eq!(writes(&world).len(), 2);
    let alarm = &alarms(&world)["cache-001-CPUUtilization"];
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
    let world = instant(&stack(&nodes_of(1), &format!("preset = \"none\"\nmetrics = {{ {metrics} }}")));
    world.applied();
    let shown: BTreeMap<String, (String, f64, String, String)> = alarms(&world)
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
    assert_eq!(shown, expected.map(|(metric, row)| (metric.to_owned(), row)).into());
}

#[test]
fn two_alarms_on_one_metric_and_one_of_another_namespace() {
    let metrics = format!(
        "warm = {{ metric_name = \"CPUUtilization\", threshold = 50 }}\n\
         hot = {{ metric_name = \"CPUUtilization\", threshold = 90, alarm_actions = [\"{TOPIC}\"] }}\n\
         queue = {{ metric_name = \"QueueLength\", namespace = \"Celery\", scope = \"group\",\n\
         dimensions = {{ Broker = \"{{id}}\" }}, threshold = 100, statistic = \"Maximum\",\n\
         comparison_operator = \"GreaterThanThreshold\" }}\n\
         engine = {{ metric_name = \"EngineCPUUtilization\", scope = \"group\" }}"
    );
    let world = instant(&stack(&nodes_of(2), &format!("preset = \"none\"\nmetrics = {{ {metrics} }}")));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    let alarms = alarms(&world);
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
    let config =
        |template: &str| stack(&nodes_of(1), &format!("preset = \"basic\"\nname_template = \"{template}\""));
    let world = instant(&config("{member}-{alarm}"));
    world.applied();
    world.aws.record().clear();
    world.terraform.configure(&config("prod {id} {metric} on {member}"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(writes(&world), ["PutMetricAlarm", "PutMetricAlarm", "DeleteAlarms"]);
    let names: Vec<String> = names(&world).into_iter().collect();
    assert_eq!(
        names,
        ["prod cache CPUUtilization on cache-001", "prod cache DatabaseMemoryUsagePercentage on cache-001"]
    );
}

#[test]
fn actions_of_each_kind() {
    let topic = |name: &str| format!("arn:aws:sns:eu-west-1:123456789012:{name}");
    let set = format!(
        "preset = \"basic\"\nactions_enabled = false\nalarm_actions = [\"{}\"]\nok_actions = [\"{}\"]\n\
         insufficient_data_actions = [\"{}\"]",
        topic("alarm"),
        topic("ok"),
        topic("unknown")
    );
    let world = instant(&stack(&nodes_of(1), &set));
    world.applied();
    for alarm in alarms(&world).values() {
        assert_eq!(alarm["AlarmActions"], json!([topic("alarm")]));
        assert_eq!(alarm["OKActions"], json!([topic("ok")]));
        assert_eq!(alarm["InsufficientDataActions"], json!([topic("unknown")]));
        assert_eq!(alarm["ActionsEnabled"], false);
    }
}

/// The topic is made in the same apply, so its ARN is not known when the plan is made.
#[test]
fn a_topic_that_is_not_known_yet() {
    let topic =
        "resource \"terraform_data\" \"topic\" {\n input = \"arn:aws:sns:eu-west-1:123456789012:new\"\n}\n";
    let set = "preset = \"basic\"\nalarm_actions = [terraform_data.topic.output]";
    let world = instant(&(topic.to_owned() + &stack(&nodes_of(1), set)));
    let plan = world.terraform.plan();
    assert!(plan.is_unknown(SET, "alarms"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert!(
        alarms(&world).values().all(|alarm| alarm["AlarmActions"][0].as_str().unwrap().ends_with(":new"))
    );
}
