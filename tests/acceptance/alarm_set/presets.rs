//! Each preset is the table it was made from, number by number.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::alarm_set::parts::{alarms, nodes_of, stack};
use crate::aws_control::instant;

/// Operator, threshold, statistic, minutes in all, number of periods.
type Row = (&'static str, f64, &'static str, i64, i64);

const ABOVE: &str = "GreaterThanThreshold";
const BELOW: &str = "LessThanThreshold";

/// The alarms of the first of so many nodes, by metric.
fn created(preset: &str, count: u32) -> BTreeMap<String, Value> {
    let preset = if preset.is_empty() { String::new() } else { format!(r#"preset = "{preset}""#) };
    let fixture = instant(&stack(&nodes_of(count), &preset));
    fixture.apply_and_verify();
    let mut alarms = alarms(&fixture);
    assert_eq!(alarms.len() % count as usize, 0, "every node has the same alarms");
    alarms.retain(|name, _| name.starts_with("cache-001-"));
    alarms.into_values().map(|alarm| (alarm["MetricName"].as_str().unwrap().to_owned(), alarm)).collect()
}

#[track_caller]
fn assert_table(alarms: &BTreeMap<String, Value>, table: &[(&str, Row)]) {
    let metrics: Vec<&str> = alarms.keys().map(String::as_str).collect();
    assert_eq!(metrics, table.iter().map(|(metric, _)| *metric).collect::<Vec<_>>());
    for (metric, (operator, threshold, statistic, minutes, periods)) in table {
        let alarm = &alarms[*metric];
        assert_eq!(alarm["Namespace"], "AWS/ElastiCache", "{metric}");
        assert_eq!(alarm["ComparisonOperator"], *operator, "{metric}");
        assert_eq!(alarm["Threshold"], *threshold, "{metric}");
        assert_eq!(alarm["Statistic"], *statistic, "{metric}");
        assert_eq!(alarm["EvaluationPeriods"], *periods, "{metric}");
        assert_eq!(alarm["Period"].as_i64().unwrap() * periods, minutes * 60, "{metric}");
        assert_eq!(alarm.get("DatapointsToAlarm"), None, "{metric}: all periods breach");
    }
}

/// "CPU > 75% for 10 minutes, Memory > 85% for 10 minutes, Evictions > 1000 per 5 minutes,
/// Cache hit rate < 70% for 15 minutes, Replication lag > 5 seconds (multi-node only)"
#[test]
fn cache() {
    let every_node = [
        ("CPUUtilization", (ABOVE, 75.0, "Average", 10, 2)),
        ("CacheHitRate", (BELOW, 70.0, "Average", 15, 3)),
        ("DatabaseMemoryUsagePercentage", (ABOVE, 85.0, "Average", 10, 2)),
        ("Evictions", (ABOVE, 1000.0, "Sum", 5, 1)),
    ];
    let lag = ("ReplicationLag", (ABOVE, 5.0, "Average", 5, 1));
    assert_table(&created("cache", 1), &every_node);
    assert_table(&created("", 2), &[&every_node[..], &[lag]].concat());
}

/// "Threshold: > 80%; Evaluation: 2 consecutive periods (10 minutes); Statistic: Average",
/// for CPU and memory.
#[test]
fn basic() {
    let table = [
        ("CPUUtilization", (ABOVE, 80.0, "Average", 10, 2)),
        ("DatabaseMemoryUsagePercentage", (ABOVE, 80.0, "Average", 10, 2)),
    ];
    assert_table(&created("basic", 2), &table);
}

/// "`CPUUtilization` (alert if >75%), `DatabaseMemoryUsagePercentage` (alert if >80%)"
#[test]
fn broker() {
    let table = [
        ("CPUUtilization", (ABOVE, 75.0, "Average", 10, 2)),
        ("DatabaseMemoryUsagePercentage", (ABOVE, 80.0, "Average", 10, 2)),
    ];
    assert_table(&created("broker", 2), &table);
}

/// Where a period may well have no data, that is no reason to wake somebody, and where a
/// node always has data, their absence is told.
#[test]
fn missing_data_count_as_each_metric_needs_it() {
    let alarms = created("cache", 2);
    let missing: BTreeMap<&str, &str> = alarms
        .iter()
        .map(|(metric, alarm)| (metric.as_str(), alarm["TreatMissingData"].as_str().unwrap()))
        .collect();
    let expected = BTreeMap::from([
        ("CPUUtilization", "missing"),
        ("CacheHitRate", "notBreaching"),
        ("DatabaseMemoryUsagePercentage", "missing"),
        ("Evictions", "notBreaching"),
        ("ReplicationLag", "notBreaching"),
    ]);
    assert_eq!(missing, expected);
}
