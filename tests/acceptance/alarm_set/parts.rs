//! Pieces of configurations, and looks at the simulated AWS.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::hcl::small_group;

/// The address of the alarm set.
pub const SET: &str = "elasticache_alarm_set.this";

/// Where messages go.
pub const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:on-call";

/// Metrics of the preset `cache` on every node.
pub const CACHE: [&str; 4] = ["CPUUtilization", "CacheHitRate", "DatabaseMemoryUsagePercentage", "Evictions"];

/// The group `cache` and a set with these arguments over it.
pub fn stack(of_group: &str, of_set: &str) -> String {
    small_group(of_group) + &set(of_set)
}

/// A set with these arguments.
pub fn set(arguments: &str) -> String {
    format!(
        r#"resource "elasticache_alarm_set" "this" {{
  replication_group = elasticache_replication_group.this
  {arguments}
}}
"#
    )
}

/// So many nodes without cluster mode.
pub fn nodes_of(count: u32) -> String {
    format!("num_cache_clusters = {count}")
}

/// So many shards with so many replicas each.
pub fn shards_of(shards: u32, replicas: u32) -> String {
    format!(
        r#"parameter_group_name = "default.redis7.cluster.on"
automatic_failover_enabled = true
num_node_groups = {shards}
replicas_per_node_group = {replicas}"#
    )
}

/// The alarms of this kind (`MetricAlarms`, `CompositeAlarms`) that AWS has, by name.
fn described(fixture: &Fixture, kind: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut input = json!({ "MaxRecords": 100, "AlarmTypes": ["MetricAlarm", "CompositeAlarm"] });
    loop {
        let page = fixture.ask("cloudwatch", "DescribeAlarms", &input);
        for alarm in page[kind].as_array().into_iter().flatten() {
            found.insert(alarm["AlarmName"].as_str().unwrap().to_owned(), alarm.clone());
        }
        match page["NextToken"].as_str() {
            Some(token) => input["NextToken"] = json!(token),
            None => return found,
        }
    }
}

/// Alarms on metrics.
pub fn alarms(fixture: &Fixture) -> BTreeMap<String, Value> {
    described(fixture, "MetricAlarms")
}

/// Names of the alarms on metrics.
pub fn names(fixture: &Fixture) -> BTreeSet<String> {
    alarms(fixture).into_keys().collect()
}

/// Composite alarms.
pub fn composites(fixture: &Fixture) -> BTreeMap<String, Value> {
    described(fixture, "CompositeAlarms")
}

/// The nodes of the group that there are.
pub fn nodes(fixture: &Fixture) -> BTreeSet<String> {
    fixture.control(|aws| aws.members("cache")).into_iter().map(|(id, _)| id).collect()
}

/// `<node>-<metric>` for each of them.
pub fn each(nodes: &[&str], metrics: &[&str]) -> BTreeSet<String> {
    nodes.iter().flat_map(|node| metrics.iter().map(move |metric| format!("{node}-{metric}"))).collect()
}

/// The dimensions of an alarm.
pub fn dimensions(alarm: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pairs = alarm["Dimensions"].as_array().into_iter().flatten();
    pairs.map(|it| (text(&it["Name"]), text(&it["Value"]))).collect()
}

/// Each alarm is on a node that exists, and every node has one.
#[track_caller]
pub fn assert_on_nodes(fixture: &Fixture) {
    let mut watched = BTreeSet::new();
    for (name, alarm) in alarms(fixture) {
        let dimensions = dimensions(&alarm);
        assert_eq!(dimensions.get("CacheNodeId").map(String::as_str), Some("0001"), "{name}");
        assert_eq!(dimensions.len(), 2, "{name}");
        watched.insert(dimensions["CacheClusterId"].clone());
    }
    assert_eq!(watched, nodes(fixture));
}

/// What changed alarms since the record was cleared, such as `PutMetricAlarm`; in order.
pub fn writes(fixture: &Fixture) -> Vec<String> {
    crate::aws_control::writes_to(fixture, "cloudwatch")
}

/// The names of the alarms that were written since the record was cleared, in order.
pub fn written(fixture: &Fixture) -> Vec<String> {
    let calls = fixture.aws.calls("cloudwatch", "PutMetricAlarm");
    calls.iter().filter(|call| call.is_done()).filter_map(|call| call.parameter("AlarmName")).collect()
}

/// Makes or changes an alarm by hand.
pub fn by_hand(fixture: &Fixture, name: &str, threshold: f64) {
    let alarm = json!({
        "AlarmName": name,
        "Namespace": "AWS/ElastiCache",
        "MetricName": "CPUUtilization",
        "Dimensions": [
            { "Name": "CacheClusterId", "Value": "cache-001" },
            { "Name": "CacheNodeId", "Value": "0001" },
        ],
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": 2,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": threshold,
    });
    fixture.ask("cloudwatch", "PutMetricAlarm", &alarm);
}

/// Deletes alarms by hand.
pub fn delete_by_hand(fixture: &Fixture, names: &[&str]) {
    fixture.ask("cloudwatch", "DeleteAlarms", &json!({ "AlarmNames": names }));
}
