//! Each fixture through its life.

use serde_json::{Value, json};

use super::{applied, fixture};
use crate::fixture::Fixture;
use crate::simulator::Call;

/// The call that created the group with this id.
fn created(fixture: &Fixture, id: &str) -> Call {
    let mut calls = fixture.aws.calls("elasticache", "CreateReplicationGroup");
    calls.retain(|call| call.parameter("ReplicationGroupId").as_deref() == Some(id));
    assert_eq!(calls.len(), 1, "creations of {id}");
    calls.remove(0)
}

/// Everything behind `count`, values joined to strings and taken apart again.
#[test]
fn everything_behind_a_count() {
    let fixture = applied("labelled");
    let all = fixture.output("all");
    assert_eq!(all["off"]["id"], "");
    assert_eq!(all["off"]["member_clusters"], json!([]));
    assert_eq!(all["off"]["cluster_enabled"], Value::Null);
    assert_eq!(all["plain"]["member_clusters"], json!(["plain-001"]));
    assert_eq!(all["plain"]["engine_version_actual"], "7.0.7");
    assert_eq!(all["full"]["member_clusters"], json!(["full-001", "full-002"]));
    assert!(all["full"]["endpoint"].as_str().unwrap().starts_with("master.full."), "{all:#}");
    assert_eq!(all["sharded"]["cluster_enabled"], true);
    assert!(all["sharded"]["endpoint"].as_str().unwrap().starts_with("clustercfg.sharded."), "{all:#}");
    assert_eq!(
        all["sharded"]["member_clusters"],
        json!(["sharded-0001-001", "sharded-0001-002", "sharded-0002-001", "sharded-0002-002"])
    );
    let full = created(&fixture, "full");
    let logs: Vec<_> = (1..=3)
        .map_while(|at| {
            full.parameter(&format!("LogDeliveryConfigurations.LogDeliveryConfigurationRequest.{at}.LogType"))
        })
        .collect();
    assert_eq!(logs, ["engine-log", "slow-log"]);
    assert_eq!(full.parameter("SnapshotRetentionLimit").as_deref(), Some("3"));
    let plain = created(&fixture, "plain");
    for unset in ["SnapshotName", "NotificationTopicArn", "KmsKeyId", "AuthToken"] {
        assert_eq!(plain.parameter(unset), None, "{unset}");
    }
    // One alarm of each kind for each member.
    let alarms = fixture.ask("cloudwatch", "DescribeAlarms", &json!({}));
    assert_eq!(alarms["MetricAlarms"].as_array().unwrap().len(), 2 * 2 + 4 * 2);
    fixture.destroyed();
}

/// The four ways in which public modules have serverless caches: nested blocks from objects (terraform-aws-modules), a
/// switch beside a replication group (cloudposse PR 227), one cache for each element of a map, and a cache with its users
/// and alarms.
#[test]
fn serverless_caches_of_four_modules() {
    let fixture = applied("serverless");
    let all = fixture.output("all");
    assert_eq!(all["off"]["arn"], Value::Null);
    assert_eq!((&all["plain"]["status"], &all["plain"]["reader_port"]), (&json!("available"), &json!(6380)));
    assert!(all["limited"]["full_engine_version"].as_str().unwrap().starts_with("7."), "{all:#}");
    assert_eq!((&all["nodes"]["id"], &all["nodes"]["serverless"]), (&json!("nodes"), &Value::Null));
    assert_eq!(all["serverless"]["endpoint"], all["serverless"]["serverless"][0]["address"]);
    assert_eq!(all["fleet"]["ports"], json!({"api": 6379, "pages": 11211, "session": 6379}));
    assert_eq!(all["login"]["user_group"], "login");
    // Each is created as it is configured, and by one request.
    assert_eq!(fixture.aws.calls("elasticache", "ModifyServerlessCache").len(), 0);
    let names = ["api", "limited", "login", "pages", "plain", "serverless", "session"];
    assert_eq!(fixture.control(|aws| aws.serverless_caches()), names);
    fixture.destroyed();
}

/// Nulls by way of `try` and `coalesce`, blocks from maps, timeouts that may be null.
#[test]
fn everything_behind_a_switch() {
    let fixture = applied("switches");
    fixture.terraform.assert_importable();
    let all = fixture.output("all");
    assert_eq!(all["off"]["replication_group_arn"], Value::Null);
    assert_eq!(all["plain"]["configuration_endpoint_address"], Value::Null);
    assert_eq!(all["plain"]["coalesced_endpoint_address"], all["plain"]["primary_endpoint_address"]);
    assert_eq!(all["shards"]["primary_endpoint_address"], Value::Null);
    assert_eq!(all["shards"]["coalesced_endpoint_address"], all["shards"]["configuration_endpoint_address"]);
    assert_eq!(all["shards"]["tags_all"], json!({"Example": "shards", "Managed": "module"}));
    assert_eq!(all["nodes"]["replication_group_port"], 6379);
    let nodes = created(&fixture, "nodes");
    assert_eq!(nodes.parameter("TransitEncryptionMode").as_deref(), Some("preferred"));
    assert_eq!(nodes.parameter("PreferredCacheClusterAZs.AvailabilityZone.1").as_deref(), Some("eu-west-1b"));
    fixture.destroyed();
    let deletes = fixture.aws.calls("elasticache", "DeleteReplicationGroup");
    let last: Vec<_> = deletes.iter().filter_map(|call| call.parameter("FinalSnapshotIdentifier")).collect();
    assert_eq!(last, ["nodes-last"]);
}

/// Numbers and booleans in quotes, names in capitals, a version that AWS spells otherwise.
#[test]
fn everything_in_quotes() {
    let fixture = applied("quoted");
    let all = fixture.output("all");
    assert_eq!((&all["old"]["encrypted"], &all["newer"]["encrypted"]), (&json!("true"), &json!("false")));
    assert_eq!(all["newer"]["port"], 6380);
    assert!(all["newer"]["endpoint"].as_str().unwrap().ends_with(":6380"));
    fixture.destroyed();
}

#[test]
fn every_optional_argument_null() {
    let fixture = applied("nulls");
    fixture.destroyed();
}

#[test]
fn every_optional_argument_empty() {
    let fixture = applied("empties");
    let state = fixture.terraform.state("elasticache_replication_group.this");
    // What is written is kept as it is written, whatever AWS took for it.
    for retained in
        ["kms_key_id", "maintenance_window", "snapshot_window", "notification_topic_arn", "snapshot_name"]
    {
        assert_eq!(state[retained], "", "{retained}");
    }
    for retained in ["preferred_cache_cluster_azs", "security_group_names", "snapshot_arns", "user_group_ids"]
    {
        assert_eq!(state[retained], json!([]), "{retained}");
    }
    let call = created(&fixture, "empties");
    for unset in
        ["KmsKeyId", "PreferredMaintenanceWindow", "SnapshotWindow", "NotificationTopicArn", "AuthToken"]
    {
        assert_eq!(call.parameter(unset), None, "{unset}");
    }
    fixture.destroyed();
}

/// What a program writes: JSON, every block a list, booleans as strings.
#[test]
fn generated_json() {
    let fixture = applied("generated");
    fixture.terraform.assert_importable();
    assert_eq!(fixture.output("generated__encrypted"), "true");
    assert_eq!(fixture.output("generated__db_port"), 6379);
    fixture.destroyed();
}

/// Alarms that follow the members, however a module counts them.
#[test]
fn alarms_counted_by_members() {
    let fixture = applied("members");
    for nodes in ["4", "1"] {
        fixture.terraform.write("nodes.auto.tfvars", &format!("nodes = {nodes}\n"));
        fixture.terraform.apply();
        fixture.terraform.assert_settled();
        let alarms = fixture.ask("cloudwatch", "DescribeAlarms", &json!({}));
        assert_eq!(alarms["MetricAlarms"].as_array().unwrap().len(), 2 * nodes.parse::<usize>().unwrap());
    }
    fixture.destroyed();
}

/// Users from a map, each with another kind of log-in, joined to a group one by one.
#[test]
fn users_of_a_map() {
    let fixture = fixture("access");
    fixture.terraform.apply();
    fixture.terraform.plan().assert_empty();
    // The group itself sees the users that were joined to it only when it is read again.
    fixture.terraform.run(&["apply", "-refresh-only", "-auto-approve"]).succeeds();
    fixture.terraform.assert_unchanged();
    let mut members = fixture.control(|aws| aws.user_group_members("access"));
    members.sort();
    assert_eq!(members, ["access-default", "access-iam", "access-reader", "access-writer"]);
    fixture.destroyed();
}

/// `for_each` over what AWS names works once the group is there; Terraform wants it
/// applied first, and says so.
#[test]
fn for_each_over_members_of_a_group_that_is_there() {
    let fixture = fixture("members");
    fixture.terraform.write(
        "told.tf",
        r#"
resource "elasticache_metric_alarm" "told" {
  for_each = toset(elasticache_replication_group.this.member_clusters)

  alarm_name          = "${each.key}-connections"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "CurrConnections"
  namespace           = "AWS/ElastiCache"
  period              = 60
  statistic           = "Maximum"
  threshold           = 1000
  dimensions          = { CacheClusterId = each.value }
}
"#,
    );
    let refusal = fixture.terraform.plan_fails();
    assert!(refusal.iter().any(|one| one.summary == "Invalid for_each argument"), "{refusal:#?}");
    fixture
        .terraform
        .run(&["apply", "-auto-approve", "-target=elasticache_replication_group.this"])
        .succeeds();
    fixture.terraform.apply();
    fixture.terraform.assert_settled();
    let message: Vec<_> = fixture.terraform.resources().into_iter().filter(|r| r["name"] == "told").collect();
    assert_eq!(message.len(), 2);
    fixture.destroyed();
}
