//! Members that come and go, with cluster mode off.

use std::time::Duration;

use serde_json::json;

use crate::fixture::Fixture;
use crate::hcl::GROUP;

/// A group of so many nodes, with more arguments.
fn nodes(count: u32, more: &str) -> String {
    format!(
        r#"
        resource "elasticache_replication_group" "this" {{
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
fn assert_members(fixture: &Fixture, numbers: &[u32]) {
    let expected: Vec<String> = numbers.iter().map(|number| format!("nodes-{number:03}")).collect();
    let existing = fixture.control(|control| control.members("nodes"));
    let ready: Vec<_> = expected.iter().map(|id| (id.clone(), "available".to_owned())).collect();
    assert_eq!(existing, ready);
    let state = fixture.terraform.state(GROUP);
    assert_eq!(state["member_clusters"], json!(expected));
    assert_eq!(state["num_cache_clusters"], expected.len());
}

/// The calls since the record was cleared that change something.
#[track_caller]
fn assert_writes(fixture: &Fixture, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|action| format!("elasticache:{action}")).collect();
    assert_eq!(fixture.aws.record().writes(), expected);
}

#[test]
fn nodes_go_from_two_to_four_and_back() {
    let fixture = Fixture::new(&nodes(2, ""));
    fixture.apply_and_verify();
    assert_members(&fixture, &[1, 2]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(4, ""));
    assert_members(&fixture, &[1, 2, 3, 4]);
    assert_writes(&fixture, &["IncreaseReplicaCount"]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(2, ""));
    assert_members(&fixture, &[1, 2]);
    assert_writes(&fixture, &["DecreaseReplicaCount"]);
}

#[test]
fn failover_is_switched_off_before_the_node_it_may_need_is_removed() {
    let fixture = Fixture::new(&nodes(3, "automatic_failover_enabled = true"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(2, "automatic_failover_enabled = false"));
    assert_members(&fixture, &[1, 2]);
    assert_writes(&fixture, &["ModifyReplicationGroup", "DecreaseReplicaCount"]);
    assert_eq!(fixture.terraform.state(GROUP)["automatic_failover_enabled"], false);
}

#[test]
fn failover_and_the_last_replica_go_in_one_apply_and_come_back_in_one() {
    let fixture = Fixture::new(&nodes(2, "automatic_failover_enabled = true\nmulti_az_enabled = true"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(1, "automatic_failover_enabled = false\nmulti_az_enabled = false"));
    assert_members(&fixture, &[1]);
    assert_writes(&fixture, &["ModifyReplicationGroup", "DecreaseReplicaCount"]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(2, "automatic_failover_enabled = true\nmulti_az_enabled = true"));
    assert_members(&fixture, &[1, 2]);
    assert_writes(&fixture, &["IncreaseReplicaCount", "ModifyReplicationGroup"]);
}

#[test]
fn failover_that_may_wait_for_the_window_is_off_before_the_last_replica_goes() {
    let later = |count, failover| {
        nodes(count, &format!("automatic_failover_enabled = {failover}"))
            .replace("apply_immediately    = true", "apply_immediately = false")
    };
    let fixture = Fixture::new(&later(2, true));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&later(1, false));
    assert_members(&fixture, &[1]);
    assert_writes(&fixture, &["ModifyReplicationGroup", "DecreaseReplicaCount"]);
    assert!(!fixture.control(|control| control.has_pending("nodes")));
}

#[test]
fn failover_is_kept_while_a_node_is_removed() {
    let fixture = Fixture::new(&nodes(3, "automatic_failover_enabled = true"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(2, "automatic_failover_enabled = true"));
    assert_members(&fixture, &[1, 2]);
    assert_writes(&fixture, &["DecreaseReplicaCount"]);
    assert_eq!(fixture.terraform.state(GROUP)["automatic_failover_enabled"], true);
}

#[test]
fn zones_are_kept_while_a_node_is_removed() {
    let both = "automatic_failover_enabled = true\nmulti_az_enabled = true";
    let fixture = Fixture::new(&nodes(3, both));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(2, both));
    assert_members(&fixture, &[1, 2]);
    assert_writes(&fixture, &["DecreaseReplicaCount"]);
    let state = fixture.terraform.state(GROUP);
    assert_eq!(
        (&state["automatic_failover_enabled"], &state["multi_az_enabled"]),
        (&json!(true), &json!(true))
    );
}

/// A group of so many nodes of which one was deleted by hand.
fn one_deleted(count: u32, member: &str) -> Fixture {
    let fixture = Fixture::new(&nodes(count, ""));
    fixture.apply_and_verify();
    assert!(fixture.control(|control| control.vanish_member("nodes", member)));
    fixture.aws.record().clear();
    fixture
}

#[test]
fn a_member_deleted_by_hand_comes_back() {
    let fixture = one_deleted(3, "nodes-002");
    // The host to read from stays: two nodes are left.
    fixture.terraform.plan().assert_update(
        GROUP,
        &["member_clusters", "node_groups", "num_cache_clusters", "replicas_per_node_group"],
    );
    fixture.apply_and_verify();
    assert_members(&fixture, &[1, 2, 3]);
    assert_writes(&fixture, &["IncreaseReplicaCount"]);
}

#[test]
fn a_member_deleted_by_hand_comes_back_with_the_one_that_is_added() {
    let fixture = one_deleted(3, "nodes-002");
    fixture.change_and_verify(&nodes(4, ""));
    assert_members(&fixture, &[1, 2, 3, 4]);
    assert_writes(&fixture, &["IncreaseReplicaCount"]);
    assert_eq!(
        fixture.aws.calls("elasticache", "IncreaseReplicaCount")[0].parameter("NewReplicaCount").as_deref(),
        Some("3")
    );
}

#[test]
fn a_member_deleted_by_hand_that_the_configuration_drops_too_leaves_nothing_to_do() {
    let fixture = one_deleted(3, "nodes-002");
    fixture.terraform.configure(&nodes(2, ""));
    fixture.apply_and_verify();
    assert_members(&fixture, &[1, 3]);
    assert_writes(&fixture, &[]);
}

#[test]
fn a_group_shrinks_below_what_a_member_deleted_by_hand_left() {
    let fixture = one_deleted(4, "nodes-004");
    fixture.change_and_verify(&nodes(2, ""));
    assert_members(&fixture, &[1, 2]);
    assert_writes(&fixture, &["DecreaseReplicaCount"]);
}

#[test]
fn the_primary_that_failed_over_is_not_removed() {
    let failover = "automatic_failover_enabled = true";
    let fixture = Fixture::new(&nodes(3, failover));
    fixture.apply_and_verify();
    assert!(fixture.control(|control| control.fail_over("nodes", "0001")));
    fixture.aws.clock().advance(Duration::from_secs(600));
    let primary = fixture.control(|control| control.primary("nodes", "0001")).unwrap();
    assert_ne!(primary, "nodes-001");
    fixture.change_and_verify(&nodes(2, failover));
    assert_eq!(fixture.control(|control| control.primary("nodes", "0001")), Some(primary));
    assert_eq!(fixture.control(|control| control.members("nodes")).len(), 2);
}

/// hashicorp/aws's cases NumberCacheClustersFailover_*: the node with the highest number, which
/// would be the one to go, is the primary.
#[test]
fn the_last_node_is_not_removed_while_it_is_the_primary() {
    for (before, after) in [("true", "true"), ("true", "false"), ("false", "false")] {
        let failover = |on: &str| format!("automatic_failover_enabled = {on}");
        let fixture = Fixture::new(&nodes(3, &failover(before)));
        fixture.apply_and_verify();
        assert!(fixture.control(|control| control.promote("nodes", "nodes-003")));
        fixture.aws.clock().advance(Duration::from_secs(600));
        fixture.change_and_verify(&nodes(2, &failover(after)));
        let left = fixture.control(|control| (control.primary("nodes", "0001"), control.members("nodes")));
        assert_eq!(left.0.as_deref(), Some("nodes-003"), "failover {before}, then {after}");
        assert_eq!(left.1.len(), 2);
        assert_eq!(fixture.terraform.state(GROUP)["automatic_failover_enabled"], json!(after == "true"));
    }
}

#[test]
fn a_group_shrinks_below_a_gap_that_others_left() {
    let fixture = one_deleted(4, "nodes-002");
    fixture.change_and_verify(&nodes(2, ""));
    let left = fixture.control(|control| control.members("nodes"));
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(fixture.control(|control| control.primary("nodes", "0001")).as_deref(), Some("nodes-001"));
    assert_writes(&fixture, &["DecreaseReplicaCount"]);
}

#[test]
fn tags_and_nodes_change_in_one_apply() {
    let fixture = Fixture::new(&nodes(2, r#"tags = { team = "a" }"#));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(3, r#"tags = { team = "b" }"#));
    assert_members(&fixture, &[1, 2, 3]);
    assert_eq!(fixture.terraform.state(GROUP)["tags"], json!({ "team": "b" }));
    assert_eq!(fixture.aws.calls("elasticache", "AddTagsToResource").len(), 1);
    assert!(fixture.aws.calls("elasticache", "ModifyReplicationGroup").is_empty());
}

/// hashicorp/aws #50096: replicas are added, the group is available while a member is still
/// being created, and the change of node type is refused.
#[test]
fn nodes_and_node_type_change_in_one_apply_though_a_member_is_late() {
    let fixture = Fixture::new(&nodes(2, ""));
    fixture.aws.with_state(|w| {
        w.elasticache.configure(|config| {
            config.durations.scale = 300_000;
            config.durations.member_create = 1_500_000;
        });
    });
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(3, "").replace("t4g.small", "t4g.medium"));
    assert_members(&fixture, &[1, 2, 3]);
    assert_writes(&fixture, &["IncreaseReplicaCount", "ModifyReplicationGroup"]);
    assert!(
        fixture.aws.calls("elasticache", "ModifyReplicationGroup")[0].is_done(),
        "refused while a member was late"
    );
    assert_eq!(fixture.terraform.state(GROUP)["node_type"], "cache.t4g.medium");

    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(2, "").replace("t4g.small", "t4g.medium"));
    assert_members(&fixture, &[1, 2]);
    assert_writes(&fixture, &["DecreaseReplicaCount"]);
}

#[test]
fn node_type_changes_before_nodes_are_removed() {
    let fixture = Fixture::new(&nodes(3, ""));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&nodes(2, "").replace("t4g.small", "t4g.medium"));
    assert_members(&fixture, &[1, 2]);
    assert_writes(&fixture, &["ModifyReplicationGroup", "DecreaseReplicaCount"]);
}
