//! Groups with shards.

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::hcl::GROUP;

/// A group with these arguments.
fn group(more: &str) -> String {
    format!(
        r#"
        resource "elasticache_replication_group" "this" {{
          replication_group_id = "shards"
          description          = "shards"
          node_type            = "cache.t4g.small"
          apply_immediately    = true
          {more}
        }}
        "#
    )
}

/// So many shards of so many replicas each.
fn shards(shards: u32, replicas: u32) -> String {
    group(&format!(
        r#"parameter_group_name = "default.redis7.cluster.on"
automatic_failover_enabled = true
num_node_groups = {shards}
replicas_per_node_group = {replicas}"#
    ))
}

/// What AWS and the state say of shards and replicas.
#[track_caller]
fn assert_shape(fixture: &Fixture, shards: usize, replicas: usize) {
    let existing = fixture.control(|control| control.members("shards"));
    assert_eq!(existing.len(), shards * (replicas + 1));
    assert!(existing.iter().all(|(_, status)| status == "available"), "{existing:?}");
    let state = fixture.terraform.state(GROUP);
    assert_eq!(state["num_node_groups"], shards);
    assert_eq!(state["replicas_per_node_group"], replicas);
    assert_eq!(state["num_cache_clusters"], existing.len());
    assert_eq!(state["member_clusters"].as_array().unwrap().len(), existing.len());
    assert_eq!(state["cluster_enabled"], true);
}

#[track_caller]
fn assert_writes(fixture: &Fixture, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|action| format!("elasticache:{action}")).collect();
    assert_eq!(fixture.aws.record().writes(), expected);
    fixture.aws.record().clear();
}

fn has(state: &Value, attribute: &str) -> bool {
    state[attribute].as_str().is_some_and(|text| !text.is_empty())
}

#[test]
fn two_shards_of_a_replica_each() {
    let fixture = Fixture::new(&shards(2, 1));
    fixture.apply_and_verify();
    assert_shape(&fixture, 2, 1);
    let state = fixture.terraform.state(GROUP);
    assert_eq!(
        state["member_clusters"],
        json!(["shards-0001-001", "shards-0001-002", "shards-0002-001", "shards-0002-002"])
    );
    assert_eq!(state["automatic_failover_enabled"], true);
    assert!(has(&state, "configuration_endpoint_address"), "{state}");
    assert!(!has(&state, "primary_endpoint_address") && !has(&state, "reader_endpoint_address"), "{state}");
    assert_eq!(state["endpoint"], state["configuration_endpoint_address"]);
    let host = state["endpoint"].as_str().unwrap();
    assert_eq!(state["url"], format!("redis://{host}:6379"));
}

#[test]
fn one_shard_of_a_group_that_is_not_clustered() {
    let fixture = Fixture::new(&group("num_node_groups = 1\nreplicas_per_node_group = 1"));
    fixture.apply_and_verify();
    let state = fixture.terraform.state(GROUP);
    assert_eq!(state["cluster_enabled"], false);
    assert_eq!(state["member_clusters"], json!(["shards-001", "shards-002"]));
    assert!(has(&state, "primary_endpoint_address") && has(&state, "reader_endpoint_address"), "{state}");
    assert!(!has(&state, "configuration_endpoint_address"), "{state}");
    assert_eq!(state["endpoint"], state["primary_endpoint_address"]);
}

#[test]
fn a_single_node_with_a_parameter_group_of_cluster_mode() {
    let fixture = Fixture::new(&shards(1, 0));
    fixture.apply_and_verify();
    assert_shape(&fixture, 1, 0);
    assert_eq!(fixture.terraform.state(GROUP)["member_clusters"], json!(["shards-0001-001"]));
}

#[test]
fn shards_come_and_go() {
    let fixture = Fixture::new(&shards(2, 1));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&shards(3, 1));
    assert_shape(&fixture, 3, 1);
    assert_writes(&fixture, &["ModifyReplicationGroupShardConfiguration"]);
    fixture.change_and_verify(&shards(2, 1));
    assert_shape(&fixture, 2, 1);
    let call = &fixture.aws.calls("elasticache", "ModifyReplicationGroupShardConfiguration")[0];
    assert_eq!(call.parameter("NodeGroupCount").as_deref(), Some("2"));
    assert_writes(&fixture, &["ModifyReplicationGroupShardConfiguration"]);
}

#[test]
fn replicas_come_and_go() {
    let fixture = Fixture::new(&shards(2, 1));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&shards(2, 3));
    assert_shape(&fixture, 2, 3);
    assert_writes(&fixture, &["IncreaseReplicaCount"]);
    fixture.change_and_verify(&shards(2, 2));
    assert_shape(&fixture, 2, 2);
    assert_writes(&fixture, &["DecreaseReplicaCount"]);
}

#[test]
fn shards_and_replicas_come_and_go_together() {
    let fixture = Fixture::new(&shards(2, 1));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&shards(3, 2));
    assert_shape(&fixture, 3, 2);
    assert_writes(&fixture, &["ModifyReplicationGroupShardConfiguration", "IncreaseReplicaCount"]);
    fixture.change_and_verify(&shards(2, 1));
    assert_shape(&fixture, 2, 1);
    assert_writes(&fixture, &["ModifyReplicationGroupShardConfiguration", "DecreaseReplicaCount"]);
}

#[test]
fn shards_come_while_replicas_go() {
    let fixture = Fixture::new(&shards(2, 2));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&shards(3, 1));
    assert_shape(&fixture, 3, 1);
    assert_writes(&fixture, &["ModifyReplicationGroupShardConfiguration", "DecreaseReplicaCount"]);
}

#[test]
fn a_shard_removed_between_others_leaves_shards_that_can_be_removed() {
    let fixture = Fixture::new(&shards(3, 0));
    fixture.apply_and_verify();
    fixture.change_and_verify(&shards(1, 0));
    assert_shape(&fixture, 1, 0);
    fixture.change_and_verify(&shards(2, 0));
    assert_shape(&fixture, 2, 0);
}

/// hashicorp/aws's cases RemoveNodeGroups_Valkey7 and _Valkey7_3NodeGroups: of five shards two are
/// removed outside Terraform, then the configuration asks for what is left, or for fewer, with a
/// new version in the same apply.
#[test]
fn shards_that_others_removed_are_not_removed_again() {
    for desired in [3, 2] {
        let valkey = |shards: u32, version: &str| {
            group(&format!(
                r#"engine = "valkey"
engine_version = "{version}"
automatic_failover_enabled = true
transit_encryption_enabled = false
parameter_group_name = "default.valkey{}.cluster.on"
num_node_groups = {shards}
replicas_per_node_group = 0"#,
                &version[..1]
            ))
        };
        let fixture = Fixture::new(&valkey(5, "7.2"));
        fixture.apply_and_verify();
        fixture.other_client(
            "ModifyReplicationGroupShardConfiguration",
            "ReplicationGroupId=shards NodeGroupCount=3 ApplyImmediately=true \
             NodeGroupsToRemove.NodeGroupToRemove.1=0003 NodeGroupsToRemove.NodeGroupToRemove.2=0005",
        );
        fixture.aws.clock().advance(std::time::Duration::from_secs(7200));
        fixture.aws.record().clear();
        fixture.change_and_verify(&valkey(desired, "8.0"));
        assert_shape(&fixture, usize::try_from(desired).unwrap(), 0);
        assert_eq!(fixture.terraform.state(GROUP)["engine_version"], "8.0");
        let reshards = fixture.aws.calls("elasticache", "ModifyReplicationGroupShardConfiguration");
        let removed: Vec<_> = reshards
            .iter()
            .filter_map(|call| call.parameter("NodeGroupsToRemove.NodeGroupToRemove.1"))
            .collect();
        assert_eq!(removed, if desired == 3 { vec![] } else { vec!["0004".to_owned()] });
    }
}

fn laid_out(first: &str, second: &str) -> String {
    group(&format!(
        r#"
        parameter_group_name       = "default.redis7.cluster.on"
        automatic_failover_enabled = true
        num_node_groups            = 2
        node_group_configuration {{
          node_group_id              = "0001"
          primary_availability_zone  = "eu-west-1a"
          replica_availability_zones = ["eu-west-1b"]
          replica_count              = 1
          slots                      = "{first}"
        }}
        node_group_configuration {{
          node_group_id              = "0002"
          primary_availability_zone  = "eu-west-1b"
          replica_availability_zones = ["eu-west-1a"]
          replica_count              = 1
          slots                      = "{second}"
        }}
        "#
    ))
}

#[test]
fn shards_laid_out_by_hand_are_as_they_were_laid_out() {
    let fixture = Fixture::new(&laid_out("0-4095", "4096-16383"));
    fixture.apply_and_verify();
    assert_shape(&fixture, 2, 1);
    let state = fixture.terraform.state(GROUP);
    let blocks = state["node_group_configuration"].as_array().unwrap();
    let block = |id: &str| blocks.iter().find(|block| block["node_group_id"] == id).unwrap();
    assert_eq!(block("0001")["slots"], "0-4095");
    assert_eq!(block("0002")["slots"], "4096-16383");
    assert_eq!(block("0001")["primary_availability_zone"], "eu-west-1a");
    assert_eq!(block("0002")["replica_availability_zones"], json!(["eu-west-1a"]));

    // Where the slots are cannot be said anew of a group that is there.
    fixture.terraform.configure(&laid_out("0-8191", "8192-16383"));
    fixture.terraform.plan().assert_replace(GROUP, &["node_group_configuration"]);
}

#[test]
fn ninety_shards_are_read_in_a_few_calls() {
    let fixture = Fixture::new(&shards(90, 0));
    fixture.terraform.apply();
    assert_shape(&fixture, 90, 0);
    fixture.aws.record().clear();
    fixture.terraform.plan().assert_empty();
    // Two descriptions and the tags.
    assert_eq!(fixture.aws.record().len(), 3, "{:?}", fixture.aws.record().counts());
}

#[test]
fn cluster_mode_goes_from_disabled_through_compatible_to_enabled() {
    let mode = |mode: &str, parameters: &str| {
        group(&format!(
            r#"num_node_groups = 1
replicas_per_node_group = 1
automatic_failover_enabled = true
engine_version = "7.1"
cluster_mode = "{mode}"
parameter_group_name = "{parameters}""#
        ))
    };
    let fixture = Fixture::new(&mode("disabled", "default.redis7"));
    fixture.apply_and_verify();
    let before = fixture.terraform.state(GROUP);
    assert_eq!((&before["cluster_mode"], &before["cluster_enabled"]), (&json!("disabled"), &json!(false)));
    assert!(has(&before, "primary_endpoint_address"));
    fixture.aws.record().clear();

    fixture.change_and_verify(&mode("compatible", "default.redis7.cluster.on"));
    assert_eq!(fixture.terraform.state(GROUP)["cluster_mode"], "compatible");
    assert_writes(&fixture, &["ModifyReplicationGroup"]);

    fixture.change_and_verify(&mode("enabled", "default.redis7.cluster.on"));
    let after = fixture.terraform.state(GROUP);
    assert_eq!((&after["cluster_mode"], &after["cluster_enabled"]), (&json!("enabled"), &json!(true)));
    assert!(has(&after, "configuration_endpoint_address"), "{after}");
    assert_eq!(after["endpoint"], after["configuration_endpoint_address"]);
    assert_writes(&fixture, &["ModifyReplicationGroup"]);
    assert_eq!(before["arn"], after["arn"]);
}

#[test]
fn cluster_mode_does_not_jump_from_disabled_to_enabled() {
    let mode = |mode: &str| {
        group(&format!(
            r#"num_cache_clusters = 2
automatic_failover_enabled = true
cluster_mode = "{mode}""#
        ))
    };
    let fixture = Fixture::new(&mode("disabled"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.terraform.configure(&mode("enabled"));
    let diagnostics = fixture.terraform.plan_fails();
    assert!(diagnostics[0].summary.contains("must first be compatible"), "{diagnostics:?}");
    assert_writes(&fixture, &[]);
}
