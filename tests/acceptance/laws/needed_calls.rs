//! An apply of new resources makes no call that it does not need.

use std::collections::BTreeMap;

use crate::aws_control::instant;

/// A resource of each type that often occurs together with others of it.
const CONFIGURATION: &str = r#"
resource "elasticache_subnet_group" "this" {
  name = "needed"
  subnet_ids = ["subnet-00000001", "subnet-00000002"]
}

resource "elasticache_parameter_group" "this" {
  name = "needed"
  family = "redis7"
  parameter {
    name = "timeout"
    value = "300"
  }
}

resource "elasticache_replication_group" "this" {
  replication_group_id = "needed"
  description = "needed"
  engine = "redis"
  node_type = "cache.t4g.micro"
  num_cache_clusters = 2
  automatic_failover_enabled = true
  subnet_group_name = elasticache_subnet_group.this.name
  parameter_group_name = elasticache_parameter_group.this.name
  tags = { team = "cache" }
}

resource "elasticache_metric_alarm" "this" {
  alarm_name = "needed-cpu"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods = 2
  metric_name = "CPUUtilization"
  namespace = "AWS/ElastiCache"
  period = 300
  statistic = "Average"
  threshold = 75
  dimensions = {
    CacheClusterId = "${elasticache_replication_group.this.id}-001"
    CacheNodeId = "0001"
  }
  tags = { team = "cache" }
}

resource "elasticache_ssm_url" "this" {
  name = "/needed/url"
  replication_group = elasticache_replication_group.this
  tags = { team = "cache" }
}
"#;

/// Each call with the reason for it, if it only reads.
const NEEDED: &[(&str, usize)] = &[
    ("CreateCacheParameterGroup", 1),
    ("CreateCacheSubnetGroup", 1),
    ("CreateReplicationGroup", 1),
    // PutMetricAlarm would overwrite an existing alarm, and its response is empty.
    ("DescribeAlarms", 2),
    // A group is complete when each node is available.
    ("DescribeCacheClusters", 2),
    // The response to the create has no endpoints.
    ("DescribeReplicationGroups", 1),
    // The response to PutParameter has no ARN.
    ("GetParameter", 1),
    ("ModifyCacheParameterGroup", 1),
    ("PutMetricAlarm", 1),
    ("PutParameter", 1),
];

#[test]
fn an_apply_of_new_resources_makes_no_call_that_is_not_needed() {
    let fixture = instant(CONFIGURATION);
    fixture.aws.record().clear();
    fixture.terraform.apply();
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for call in fixture.aws.record().all() {
        *calls.entry(call.action).or_default() += 1;
    }
    let needed: BTreeMap<String, usize> =
        NEEDED.iter().map(|(call, count)| ((*call).to_owned(), *count)).collect();
    assert_eq!(calls, needed);
    fixture.terraform.assert_unchanged();
}
