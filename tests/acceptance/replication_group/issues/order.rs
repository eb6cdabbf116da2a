//! Updates of several things at once.

use crate::aws_control::{control, instant, modifications, people, writes};
use crate::fixture::Fixture;
use crate::hcl::{GROUP, small_group};
use crate::simulator::{InjectedFault, on};

/// Replicas and node type in one apply: the group said available while a node was still being
/// made, and the next change was refused with InvalidCacheClusterState.
#[test]
fn aws_50096_node_type_after_replicas() {
    let with = |nodes: u8, node: &str| {
        small_group(&format!("num_cache_clusters = {nodes}\napply_immediately = true\nnode_type = {node:?}"))
    };
    let fixture = Fixture::new(&with(1, "cache.t4g.small"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&with(3, "cache.t4g.medium"));
    assert_eq!(writes(&fixture.aws), ["IncreaseReplicaCount", "ModifyReplicationGroup"]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&with(1, "cache.t4g.small"));
    assert_eq!(writes(&fixture.aws), ["ModifyReplicationGroup", "DecreaseReplicaCount"]);
}

/// slow-log together with the upgrade that makes it possible.
#[test]
fn aws_46443_slow_log_comes_after_the_upgrade_that_has_it() {
    let log = r#"
log_delivery_configuration {
log_type = "slow-log"
log_format = "text"
destination_type = "cloudwatch-logs"
destination = "/slow"
}"#;
    let fixture = instant(&small_group(
        r#"num_cache_clusters = 1
engine_version = "5.0.6""#,
    ));
    fixture.apply_and_verify();
    fixture.log_groups(&["/slow"]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&small_group(&format!(
        r#"num_cache_clusters = 1
engine_version = "7.1"
apply_immediately = true{log}"#
    )));
    let sent = modifications(&fixture.aws);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].parameter("EngineVersion").as_deref(), Some("7.1"));
    assert_eq!(fixture.terraform.text(GROUP, "engine_version_actual"), "7.1.0");
}

/// Down to one node while failover and zones are switched off: refused as "Conflicting
/// parameters", or because failover was still on.
#[test]
fn aws_24244_fewer_nodes_after_failover_is_off() {
    let with = |nodes: u8, on: bool, now: bool| {
        small_group(&format!(
            "num_cache_clusters = {nodes}\nautomatic_failover_enabled = {on}\nmulti_az_enabled = {on}\napply_immediately = {now}"
        ))
    };
    for now in [true, false] {
        let fixture = instant(&with(3, true, now));
        fixture.terraform.apply();
        fixture.aws.record().clear();
        fixture.change_and_verify(&with(1, false, now));
        assert_eq!(writes(&fixture.aws), ["ModifyReplicationGroup", "DecreaseReplicaCount"]);
        assert_eq!(control(&fixture.aws, |aws| aws.members("cache")).len(), 1);
    }
}

/// A snapshot in the middle of scaling ended the wait with an unexpected state.
#[test]
fn aws_30493_a_snapshot_in_the_middle_of_scaling_is_waited_out() {
    let with = |nodes: u8| {
        small_group(&format!(
            "num_cache_clusters = {nodes}\nsnapshot_retention_limit = 1\napply_immediately = true"
        ))
    };
    let fixture = Fixture::new(&with(2));
    fixture.terraform.apply();
    // It begins while Terraform is at it: the first try meets a group that is busy.
    let busy = InjectedFault::code(
        "InvalidReplicationGroupState",
        "Replication group cache has invalid state snapshotting",
    );
    fixture.aws.fault(on("elasticache", "IncreaseReplicaCount"), busy);
    assert!(control(&fixture.aws, |aws| aws.automatic_snapshot("cache")));
    fixture.change_and_verify(&with(3));
    assert_eq!(control(&fixture.aws, |aws| aws.members("cache")).len(), 3);
    assert_eq!(fixture.aws.pending_faults(), 0);
}

/// TLS on a live group took two applies, by way of `preferred`.
#[test]
fn aws_29403_tls_in_one_apply_and_off_again() {
    let with = |tls: &str| {
        small_group(&format!(
            r#"num_cache_clusters = 2
engine_version = "7.1"
apply_immediately = true
{tls}"#
        ))
    };
    let fixture = instant(&with("transit_encryption_enabled = false"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&with(
        r#"transit_encryption_enabled = true
transit_encryption_mode = "required""#,
    ));
    let modes: Vec<_> =
        modifications(&fixture.aws).iter().map(|call| call.parameter("TransitEncryptionMode")).collect();
    assert_eq!(modes, [Some("preferred".to_owned()), Some("required".to_owned())]);
    fixture.change_and_verify(&with("transit_encryption_enabled = false"));
    assert_eq!(fixture.terraform.state(GROUP)["transit_encryption_enabled"], false);
}

/// User groups need TLS, and both in one change were refused.
#[test]
fn aws_42966_tls_before_user_groups() {
    let with = |more: &str| {
        small_group(&format!(
            r#"num_cache_clusters = 2
engine_version = "7.1"
{more}"#
        ))
    };
    let fixture = instant(&with(""));
    people(&fixture.aws);
    fixture.apply_and_verify();
    fixture.change_and_verify(&with(
        r#"apply_immediately = true
transit_encryption_enabled = true
transit_encryption_mode = "required"
user_group_ids = ["people"]"#,
    ));
    let state = fixture.terraform.state(GROUP);
    assert_eq!(state["user_group_ids"], serde_json::json!(["people"]));
    assert_eq!(state["transit_encryption_mode"], "required");
}

/// The wrong shards were removed, or none, and the apply said it was done.
#[test]
fn cloudformation_2273_shards_that_are_removed_are_named() {
    let with = |shards: u8| {
        small_group(&format!(
            r#"num_node_groups = {shards}
replicas_per_node_group = 0
automatic_failover_enabled = true
parameter_group_name = "default.redis7.cluster.on"
apply_immediately = true"#
        ))
    };
    let fixture = instant(&with(3));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&with(2));
    let calls = fixture.aws.calls("elasticache", "ModifyReplicationGroupShardConfiguration");
    assert_eq!(calls.len(), 1);
    assert!(calls[0].parameters.to_string().contains(r#""0003""#), "{}", calls[0].parameters);
    assert_eq!(
        fixture.terraform.state(GROUP)["member_clusters"],
        serde_json::json!(["cache-0001-001", "cache-0002-001"])
    );
}

/// Tags were refused while something else changed: "Cluster not in available state to perform
/// tagging operations".
#[test]
fn aws_31819_tags_together_with_other_changes() {
    let with = |nodes: u8, version: &str, team: &str| {
        small_group(&format!(
            r#"num_cache_clusters = {nodes}
engine_version = {version:?}
apply_immediately = true
tags = {{ team = {team:?}, {team} = "yes" }}"#
        ))
    };
    let fixture = Fixture::new(&with(1, "7.0", "red"));
    fixture.apply_and_verify();
    fixture.change_and_verify(&with(2, "7.1", "blue"));
    assert_eq!(fixture.terraform.state(GROUP)["tags"], serde_json::json!({ "team": "blue", "blue": "yes" }));
}

/// A topic could be given but never taken away.
#[test]
fn aws_12919_a_topic_is_switched_off() {
    let topic = r#"notification_topic_arn = "arn:aws:sns:eu-west-1:123456789012:cache""#;
    let fixture = instant(&small_group(&format!("num_cache_clusters = 1\n{topic}")));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&small_group("num_cache_clusters = 1"));
    assert_eq!(
        modifications(&fixture.aws)[0].parameter("NotificationTopicStatus").as_deref(),
        Some("inactive")
    );
    assert_eq!(fixture.terraform.state(GROUP)["notification_topic_arn"], "");
    fixture.change_and_verify(&small_group(&format!("num_cache_clusters = 1\n{topic}")));
    assert_eq!(
        modifications(&fixture.aws).last().unwrap().parameter("NotificationTopicStatus").as_deref(),
        Some("active")
    );
}
