//! Each fixture through its life.

use serde_json::{Value, json};

use super::{applied, fixture};
use crate::simulator::Call;
use crate::world::World;

/// An output of the applied configuration.
fn output(world: &World, name: &str) -> Value {
    let run = world.terraform.run(&["output", "-json", name]).succeeds();
    serde_json::from_str(&run.stdout).unwrap()
}

/// The call that created the group with this id.
fn created(world: &World, id: &str) -> Call {
    let mut calls = world.aws.calls("elasticache", "CreateReplicationGroup");
    calls.retain(|call| call.parameter("ReplicationGroupId").as_deref() == Some(id));
    assert_eq!(calls.len(), 1, "creations of {id}");
    calls.remove(0)
}

/// Everything behind `count`, values joined to strings and taken apart again.
#[test]
fn everything_behind_a_count() {
    let world = applied("labelled");
    let all = output(&world, "all");
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
    let full = created(&world, "full");
    let logs: Vec<_> = (1..=3)
        .map_while(|at| {
            full.parameter(&format!("LogDeliveryConfigurations.LogDeliveryConfigurationRequest.{at}.LogType"))
        })
        .collect();
    assert_eq!(logs, ["engine-log", "slow-log"]);
    assert_eq!(full.parameter("SnapshotRetentionLimit").as_deref(), Some("3"));
    let plain = created(&world, "plain");
    for unset in ["SnapshotName", "NotificationTopicArn", "KmsKeyId", "AuthToken"] {
        assert_eq!(plain.parameter(unset), None, "{unset}");
    }
    // One alarm of each kind for each member.
    let alarms = world.ask("cloudwatch", "DescribeAlarms", &json!({}));
    assert_eq!(alarms["MetricAlarms"].as_array().unwrap().len(), 2 * 2 + 4 * 2);
    world.destroyed();
}

/// Nulls by way of `try` and `coalesce`, blocks from maps, timeouts that may be null.
#[test]
fn everything_behind_a_switch() {
    let world = applied("switches");
    world.terraform.assert_importable();
    let all = output(&world, "all");
    assert_eq!(all["off"]["replication_group_arn"], Value::Null);
    assert_eq!(all["plain"]["configuration_endpoint_address"], Value::Null);
    assert_eq!(all["plain"]["coalesced_endpoint_address"], all["plain"]["primary_endpoint_address"]);
    assert_eq!(all["shards"]["primary_endpoint_address"], Value::Null);
    assert_eq!(all["shards"]["coalesced_endpoint_address"], all["shards"]["configuration_endpoint_address"]);
    assert_eq!(all["shards"]["tags_all"], json!({"Example": "shards", "Managed": "module"}));
    assert_eq!(all["nodes"]["replication_group_port"], 6379);
    let nodes = created(&world, "nodes");
    assert_eq!(nodes.parameter("TransitEncryptionMode").as_deref(), Some("preferred"));
    assert_eq!(nodes.parameter("PreferredCacheClusterAZs.AvailabilityZone.1").as_deref(), Some("eu-west-1b"));
    world.destroyed();
    let deletes = world.aws.calls("elasticache", "DeleteReplicationGroup");
    let last: Vec<_> = deletes.iter().filter_map(|call| call.parameter("FinalSnapshotIdentifier")).collect();
    assert_eq!(last, ["nodes-last"]);
}

/// Numbers and booleans in quotes, names in capitals, a version that AWS spells otherwise.
#[test]
fn everything_in_quotes() {
    let world = applied("quoted");
    let all = output(&world, "all");
    assert_eq!((&all["old"]["encrypted"], &all["newer"]["encrypted"]), (&json!("true"), &json!("false")));
    assert_eq!(all["newer"]["port"], 6380);
    assert!(all["newer"]["endpoint"].as_str().unwrap().ends_with(":6380"));
    world.destroyed();
}

#[test]
fn every_optional_argument_null() {
    let world = applied("nulls");
    world.destroyed();
}

#[test]
fn every_optional_argument_empty() {
    let world = applied("empties");
    let state = world.terraform.state("elasticache_replication_group.this");
    // What is written is kept as it is written, whatever AWS took for it.
    for kept in
        ["kms_key_id", "maintenance_window", "snapshot_window", "notification_topic_arn", "snapshot_name"]
    {
        assert_eq!(state[kept], "", "{kept}");
    }
    for kept in ["preferred_cache_cluster_azs", "security_group_names", "snapshot_arns", "user_group_ids"] {
        assert_eq!(state[kept], json!([]), "{kept}");
    }
    let call = created(&world, "empties");
    for unset in
        ["KmsKeyId", "PreferredMaintenanceWindow", "SnapshotWindow", "NotificationTopicArn", "AuthToken"]
    {
        assert_eq!(call.parameter(unset), None, "{unset}");
    }
    world.destroyed();
}

/// What a program writes: JSON, every block a list, booleans as strings.
#[test]
fn generated_json() {
    let world = applied("generated");
    world.terraform.assert_importable();
    assert_eq!(output(&world, "generated__encrypted"), "true");
    assert_eq!(output(&world, "generated__db_port"), 6379);
    world.destroyed();
}

/// Alarms that follow the members, however a module counts them.
#[test]
fn alarms_counted_by_members() {
    let world = applied("members");
    for nodes in ["4", "1"] {
        world.terraform.write("nodes.auto.tfvars", &format!("nodes = {nodes}\n"));
        world.terraform.apply();
        world.terraform.assert_settled();
        let alarms = world.ask("cloudwatch", "DescribeAlarms", &json!({}));
        assert_eq!(alarms["MetricAlarms"].as_array().unwrap().len(), 2 * nodes.parse::<usize>().unwrap());
    }
    world.destroyed();
}

/// Users from a map, each with another kind of log-in, joined to a group one by one.
#[test]
fn users_of_a_map() {
    let world = fixture("access");
    world.terraform.apply();
    world.terraform.plan().assert_empty();
    // The group itself sees the users that were joined to it only when it is read again.
    world.terraform.run(&["apply", "-refresh-only", "-auto-approve"]).succeeds();
    world.terraform.assert_unchanged();
    let mut members = world.control(|aws| aws.user_group_members("access"));
    members.sort();
    assert_eq!(members, ["access-default", "access-iam", "access-reader", "access-writer"]);
    world.destroyed();
}

/// `for_each` over what AWS names works once the group is there; Terraform wants it
/// applied first, and says so.
#[test]
fn for_each_over_members_of_a_group_that_is_there() {
    let world = fixture("members");
    world.terraform.write(
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
    let refusal = world.terraform.plan_fails();
    assert!(refusal.iter().any(|one| one.summary == "Invalid for_each argument"), "{refusal:#?}");
    world.terraform.run(&["apply", "-auto-approve", "-target=elasticache_replication_group.this"]).succeeds();
    world.terraform.apply();
    world.terraform.assert_settled();
    let told: Vec<_> = world.terraform.resources().into_iter().filter(|r| r["name"] == "told").collect();
    assert_eq!(told.len(), 2);
    world.destroyed();
}
