//! Members that come and go, with cluster mode off.

use std::time::Duration;

use serde_json::json;

use crate::world::World;

const GROUP: &str = "elasticache_replication_group.test";

/// A group of so many nodes, with more arguments.
fn nodes(count: u32, more: &str) -> String {
    format!(
        r#"
        resource "elasticache_replication_group" "test" {{
          replication_group_id = "nodes"
          description          = "nodes"
          node_type            = "cache.t4g.small"
          num_cache_clusters   = {count}
          apply_immediately    = true
          {more}
        }}
        "#
    )
}

/// What AWS and the state say of the members.
#[track_caller]
fn assert_members(world: &World, numbers: &[u32]) {
    let expected: Vec<String> = numbers.iter().map(|number| format!("nodes-{number:03}")).collect();
    let live = world.control(|control| control.members("nodes"));
    let ready: Vec<_> = expected.iter().map(|id| (id.clone(), "available".to_owned())).collect();
    assert_eq!(live, ready);
    let state = world.terraform.state(GROUP);
    assert_eq!(state["member_clusters"], json!(expected));
    assert_eq!(state["num_cache_clusters"], expected.len());
}

/// The calls since the record was cleared that change something.
#[track_caller]
fn assert_writes(world: &World, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|action| format!("elasticache:{action}")).collect();
    assert_eq!(world.aws.record().writes(), expected);
}

#[test]
fn nodes_go_from_two_to_four_and_back() {
    let world = World::new(&nodes(2, ""));
    world.applied();
    assert_members(&world, &[1, 2]);
    world.aws.record().clear();
    world.then(&nodes(4, ""));
    assert_members(&world, &[1, 2, 3, 4]);
    assert_writes(&world, &["IncreaseReplicaCount"]);
    world.aws.record().clear();
    world.then(&nodes(2, ""));
    assert_members(&world, &[1, 2]);
    assert_writes(&world, &["DecreaseReplicaCount"]);
}

#[test]
fn failover_is_switched_off_before_the_node_it_may_need_is_removed() {
    let world = World::new(&nodes(3, "automatic_failover_enabled = true"));
    world.applied();
    world.aws.record().clear();
    world.then(&nodes(2, "automatic_failover_enabled = false"));
    assert_members(&world, &[1, 2]);
    assert_writes(&world, &["ModifyReplicationGroup", "DecreaseReplicaCount"]);
    assert_eq!(world.terraform.state(GROUP)["automatic_failover_enabled"], false);
}

#[test]
fn failover_and_the_last_replica_go_in_one_apply_and_come_back_in_one() {
    let world = World::new(&nodes(2, "automatic_failover_enabled = true\nmulti_az_enabled = true"));
    world.applied();
    world.aws.record().clear();
    world.then(&nodes(1, "automatic_failover_enabled = false\nmulti_az_enabled = false"));
    assert_members(&world, &[1]);
    assert_writes(&world, &["ModifyReplicationGroup", "DecreaseReplicaCount"]);
    world.aws.record().clear();
    world.then(&nodes(2, "automatic_failover_enabled = true\nmulti_az_enabled = true"));
    assert_members(&world, &[1, 2]);
    assert_writes(&world, &["IncreaseReplicaCount", "ModifyReplicationGroup"]);
}

#[test]
fn failover_that_may_wait_for_the_window_is_off_before_the_last_replica_goes() {
    let later = |count, failover| {
        nodes(count, &format!("automatic_failover_enabled = {failover}"))
            .replace("apply_immediately    = true", "apply_immediately = false")
    };
    let world = World::new(&later(2, true));
    world.applied();
    world.aws.record().clear();
    world.then(&later(1, false));
    assert_members(&world, &[1]);
    assert_writes(&world, &["ModifyReplicationGroup", "DecreaseReplicaCount"]);
    assert!(!world.control(|control| control.has_pending("nodes")));
}

#[test]
fn failover_is_kept_while_a_node_is_removed() {
    let world = World::new(&nodes(3, "automatic_failover_enabled = true"));
    world.applied();
    world.aws.record().clear();
    world.then(&nodes(2, "automatic_failover_enabled = true"));
    assert_members(&world, &[1, 2]);
    assert_writes(&world, &["DecreaseReplicaCount"]);
    assert_eq!(world.terraform.state(GROUP)["automatic_failover_enabled"], true);
}

#[test]
fn zones_are_kept_while_a_node_is_removed() {
    let both = "automatic_failover_enabled = true\nmulti_az_enabled = true";
    let world = World::new(&nodes(3, both));
    world.applied();
    world.aws.record().clear();
    world.then(&nodes(2, both));
    assert_members(&world, &[1, 2]);
    assert_writes(&world, &["DecreaseReplicaCount"]);
    let state = world.terraform.state(GROUP);
    assert_eq!(
        (&state["automatic_failover_enabled"], &state["multi_az_enabled"]),
        (&json!(true), &json!(true))
    );
}

/// A group of so many nodes of which one was deleted by hand.
fn one_deleted(count: u32, member: &str) -> World {
    let world = World::new(&nodes(count, ""));
    world.applied();
    assert!(world.control(|control| control.vanish_member("nodes", member)));
    world.aws.record().clear();
    world
}

#[test]
fn a_member_deleted_by_hand_comes_back() {
    let world = one_deleted(3, "nodes-002");
    // The host to read from stays: two nodes are left.
    world.terraform.plan().assert_update(
        GROUP,
        &["member_clusters", "node_groups", "num_cache_clusters", "replicas_per_node_group"],
    );
    world.applied();
    assert_members(&world, &[1, 2, 3]);
    assert_writes(&world, &["IncreaseReplicaCount"]);
}

#[test]
fn a_member_deleted_by_hand_comes_back_with_the_one_that_is_added() {
    let world = one_deleted(3, "nodes-002");
    world.then(&nodes(4, ""));
    assert_members(&world, &[1, 2, 3, 4]);
    assert_writes(&world, &["IncreaseReplicaCount"]);
    assert_eq!(
        world.aws.calls("elasticache", "IncreaseReplicaCount")[0].parameter("NewReplicaCount").as_deref(),
        Some("3")
    );
}

#[test]
fn a_member_deleted_by_hand_that_the_configuration_drops_too_leaves_nothing_to_do() {
    let world = one_deleted(3, "nodes-002");
    world.terraform.configure(&nodes(2, ""));
    world.applied();
    assert_members(&world, &[1, 3]);
    assert_writes(&world, &[]);
}

#[test]
fn a_group_shrinks_below_what_a_member_deleted_by_hand_left() {
    let world = one_deleted(4, "nodes-004");
    world.then(&nodes(2, ""));
    assert_members(&world, &[1, 2]);
    assert_writes(&world, &["DecreaseReplicaCount"]);
}

#[test]
fn the_primary_that_failed_over_is_not_removed() {
    let failover = "automatic_failover_enabled = true";
    let world = World::new(&nodes(3, failover));
    world.applied();
    assert!(world.control(|control| control.fail_over("nodes", "0001")));
    world.aws.clock().advance(Duration::from_secs(600));
    let primary = world.control(|control| control.primary("nodes", "0001")).unwrap();
    assert_ne!(primary, "nodes-001");
    world.then(&nodes(2, failover));
    assert_eq!(world.control(|control| control.primary("nodes", "0001")), Some(primary));
    assert_eq!(world.control(|control| control.members("nodes")).len(), 2);
}

/// hashicorp/aws's cases NumberCacheClustersFailover_*: the node with the highest number, which
/// would be the one to go, is the primary.
#[test]
fn the_last_node_is_not_removed_while_it_is_the_primary() {
    for (before, after) in [("true", "true"), ("true", "false"), ("false", "false")] {
        let failover = |on: &str| format!("automatic_failover_enabled = {on}");
        let world = World::new(&nodes(3, &failover(before)));
        world.applied();
        assert!(world.control(|control| control.promote("nodes", "nodes-003")));
        world.aws.clock().advance(Duration::from_secs(600));
        world.then(&nodes(2, &failover(after)));
        let left = world.control(|control| (control.primary("nodes", "0001"), control.members("nodes")));
        assert_eq!(left.0.as_deref(), Some("nodes-003"), "failover {before}, then {after}");
        assert_eq!(left.1.len(), 2);
        assert_eq!(world.terraform.state(GROUP)["automatic_failover_enabled"], json!(after == "true"));
    }
}

#[test]
fn a_group_shrinks_below_a_gap_that_others_left() {
    let world = one_deleted(4, "nodes-002");
    world.then(&nodes(2, ""));
    let left = world.control(|control| control.members("nodes"));
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(world.control(|control| control.primary("nodes", "0001")).as_deref(), Some("nodes-001"));
    assert_writes(&world, &["DecreaseReplicaCount"]);
}

#[test]
fn tags_and_nodes_change_in_one_apply() {
    let world = World::new(&nodes(2, "tags = { team = \"a\" }"));
    world.applied();
    world.aws.record().clear();
    world.then(&nodes(3, "tags = { team = \"b\" }"));
    assert_members(&world, &[1, 2, 3]);
    assert_eq!(world.terraform.state(GROUP)["tags"], json!({ "team": "b" }));
    assert_eq!(world.aws.calls("elasticache", "AddTagsToResource").len(), 1);
    assert!(world.aws.calls("elasticache", "ModifyReplicationGroup").is_empty());
}

/// hashicorp/aws #50096: replicas are added, the group is available while a member is still
/// being created, and the change of node type is refused.
#[test]
fn nodes_and_node_type_change_in_one_apply_though_a_member_is_late() {
    let world = World::new(&nodes(2, ""));
    world.aws.with_world(|w| {
        w.elasticache.configure(|config| {
            config.durations.scale = 300_000;
            config.durations.member_create = 1_500_000;
        });
    });
    world.applied();
    world.aws.record().clear();
    world.then(&nodes(3, "").replace("t4g.small", "t4g.medium"));
    assert_members(&world, &[1, 2, 3]);
    assert_writes(&world, &["IncreaseReplicaCount", "ModifyReplicationGroup"]);
    assert!(
        world.aws.calls("elasticache", "ModifyReplicationGroup")[0].is_done(),
        "refused while a member was late"
    );
    assert_eq!(world.terraform.state(GROUP)["node_type"], "cache.t4g.medium");

    world.aws.record().clear();
    world.then(&nodes(2, "").replace("t4g.small", "t4g.medium"));
    assert_members(&world, &[1, 2]);
    assert_writes(&world, &["DecreaseReplicaCount"]);
}

#[test]
fn node_type_changes_before_nodes_are_removed() {
    let world = World::new(&nodes(3, ""));
    world.applied();
    world.aws.record().clear();
    world.then(&nodes(2, "").replace("t4g.small", "t4g.medium"));
    assert_members(&world, &[1, 2]);
    assert_writes(&world, &["ModifyReplicationGroup", "DecreaseReplicaCount"]);
}
