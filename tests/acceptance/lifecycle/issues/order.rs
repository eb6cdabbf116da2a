//! Updates of several things at once.

use crate::simulator::{Fault, on};
use crate::steer::{THIS, control, group, instant, modifications, people, writes};
use crate::world::World;

/// Replicas and node type in one apply: the group said available while a node was still being
/// made, and the next change was refused with InvalidCacheClusterState.
#[test]
fn aws_50096_node_type_after_replicas() {
    let with = |nodes: u8, node: &str| {
        group(&format!("num_cache_clusters = {nodes}\napply_immediately = true\nnode_type = {node:?}"))
    };
    let world = World::new(&with(1, "cache.t4g.small"));
    world.applied();
    world.aws.record().clear();
    world.then(&with(3, "cache.t4g.medium"));
    assert_eq!(writes(&world.aws), ["IncreaseReplicaCount", "ModifyReplicationGroup"]);
    world.aws.record().clear();
    world.then(&with(1, "cache.t4g.small"));
    assert_eq!(writes(&world.aws), ["ModifyReplicationGroup", "DecreaseReplicaCount"]);
}

/// slow-log together with the upgrade that makes it possible.
#[test]
fn aws_46443_slow_log_comes_after_the_upgrade_that_has_it() {
    let log = "\nlog_delivery_configuration {\nlog_type = \"slow-log\"\nlog_format = \"text\"\n\
               destination_type = \"cloudwatch-logs\"\ndestination = \"/slow\"\n}";
    let world = instant(&group("num_cache_clusters = 1\nengine_version = \"5.0.6\""));
    world.applied();
    world.log_groups(&["/slow"]);
    world.aws.record().clear();
    world.then(&group(&format!(
        "num_cache_clusters = 1\nengine_version = \"7.1\"\napply_immediately = true{log}"
    )));
    let sent = modifications(&world.aws);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].parameter("EngineVersion").as_deref(), Some("7.1"));
    assert_eq!(world.terraform.text(THIS, "engine_version_actual"), "7.1.0");
}

/// Down to one node while failover and zones are switched off: refused as "Conflicting
/// parameters", or because failover was still on.
#[test]
fn aws_24244_fewer_nodes_after_failover_is_off() {
    let with = |nodes: u8, on: bool, now: bool| {
        group(&format!(
            "num_cache_clusters = {nodes}\nautomatic_failover_enabled = {on}\nmulti_az_enabled = {on}\napply_immediately = {now}"
        ))
    };
    for now in [true, false] {
        let world = instant(&with(3, true, now));
        world.terraform.apply();
        world.aws.record().clear();
        world.then(&with(1, false, now));
        assert_eq!(writes(&world.aws), ["ModifyReplicationGroup", "DecreaseReplicaCount"]);
        assert_eq!(control(&world.aws, |aws| aws.members("cache")).len(), 1);
    }
}

/// A snapshot in the middle of scaling ended the wait with an unexpected state.
#[test]
fn aws_30493_a_snapshot_in_the_middle_of_scaling_is_waited_out() {
    let with = |nodes: u8| {
        group(&format!(
            "num_cache_clusters = {nodes}\nsnapshot_retention_limit = 1\napply_immediately = true"
        ))
    };
    let world = World::new(&with(2));
    world.terraform.apply();
    // It begins while Terraform is at it: the first try meets a group that is busy.
    let busy =
        Fault::code("InvalidReplicationGroupState", "Replication group cache has invalid state snapshotting");
    world.aws.fault(on("elasticache", "IncreaseReplicaCount"), busy);
    assert!(control(&world.aws, |aws| aws.automatic_snapshot("cache")));
    world.then(&with(3));
    assert_eq!(control(&world.aws, |aws| aws.members("cache")).len(), 3);
    assert_eq!(world.aws.pending_faults(), 0);
}

/// TLS on a live group took two applies, by way of `preferred`.
#[test]
fn aws_29403_tls_in_one_apply_and_off_again() {
    let with = |tls: &str| {
        group(&format!("num_cache_clusters = 2\nengine_version = \"7.1\"\napply_immediately = true\n{tls}"))
    };
    let world = instant(&with("transit_encryption_enabled = false"));
    world.applied();
    world.aws.record().clear();
    world.then(&with("transit_encryption_enabled = true\ntransit_encryption_mode = \"required\""));
    let modes: Vec<_> =
        modifications(&world.aws).iter().map(|call| call.parameter("TransitEncryptionMode")).collect();
    assert_eq!(modes, [Some("preferred".to_owned()), Some("required".to_owned())]);
    world.then(&with("transit_encryption_enabled = false"));
    assert_eq!(world.terraform.state(THIS)["transit_encryption_enabled"], false);
}

/// User groups need TLS, and both in one change were refused.
#[test]
fn aws_42966_tls_before_user_groups() {
    let with = |more: &str| group(&format!("num_cache_clusters = 2\nengine_version = \"7.1\"\n{more}"));
    let world = instant(&with(""));
    people(&world.aws);
    world.applied();
    world.then(&with("apply_immediately = true\ntransit_encryption_enabled = true\ntransit_encryption_mode = \"required\"\nuser_group_ids = [\"people\"]"));
    let state = world.terraform.state(THIS);
    assert_eq!(state["user_group_ids"], serde_json::json!(["people"]));
    assert_eq!(state["transit_encryption_mode"], "required");
}

/// The wrong shards were removed, or none, and the apply said it was done.
#[test]
fn cloudformation_2273_shards_that_are_removed_are_named() {
    let with = |shards: u8| {
        group(&format!(
            "num_node_groups = {shards}\nreplicas_per_node_group = 0\nautomatic_failover_enabled = true\n\
             parameter_group_name = \"default.redis7.cluster.on\"\napply_immediately = true"
        ))
    };
    let world = instant(&with(3));
    world.applied();
    world.aws.record().clear();
    world.then(&with(2));
    let calls = world.aws.calls("elasticache", "ModifyReplicationGroupShardConfiguration");
    assert_eq!(calls.len(), 1);
    assert!(calls[0].parameters.to_string().contains("\"0003\""), "{}", calls[0].parameters);
    assert_eq!(
        world.terraform.state(THIS)["member_clusters"],
        serde_json::json!(["cache-0001-001", "cache-0002-001"])
    );
}

/// Tags were refused while something else changed: "Cluster not in available state to perform
/// tagging operations".
#[test]
fn aws_31819_tags_together_with_other_changes() {
    let with = |nodes: u8, version: &str, team: &str| {
        group(&format!(
            "num_cache_clusters = {nodes}\nengine_version = {version:?}\napply_immediately = true\ntags = {{ team = {team:?}, {team} = \"yes\" }}"
        ))
    };
    let world = World::new(&with(1, "7.0", "red"));
    world.applied();
    world.then(&with(2, "7.1", "blue"));
    assert_eq!(world.terraform.state(THIS)["tags"], serde_json::json!({ "team": "blue", "blue": "yes" }));
}

/// A topic could be given but never taken away.
#[test]
fn aws_12919_a_topic_is_switched_off() {
    let topic = "notification_topic_arn = \"arn:aws:sns:eu-west-1:123456789012:cache\"";
    let world = instant(&group(&format!("num_cache_clusters = 1\n{topic}")));
    world.applied();
    world.aws.record().clear();
    world.then(&group("num_cache_clusters = 1"));
    assert_eq!(
        modifications(&world.aws)[0].parameter("NotificationTopicStatus").as_deref(),
        Some("inactive")
    );
    assert_eq!(world.terraform.state(THIS)["notification_topic_arn"], "");
    world.then(&group(&format!("num_cache_clusters = 1\n{topic}")));
    assert_eq!(
        modifications(&world.aws).last().unwrap().parameter("NotificationTopicStatus").as_deref(),
        Some("active")
    );
}
