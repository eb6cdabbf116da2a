//! Arguments under `ignore_changes`. Terraform ignores their changes when it plans, and sends the configuration as it is
//! written to the apply, which must not act on it.

use crate::aws_control::ask;
use crate::fixture::Fixture;
use crate::hcl::GROUP;

/// A group with cluster mode, with these arguments, that ignores changes of some of them.
fn group(description: &str, arguments: &str, ignored: &str) -> String {
    format!(
        r#"
        resource "elasticache_replication_group" "this" {{
          replication_group_id       = "scaled"
          description                = "{description}"
          node_type                  = "cache.r7g.large"
          parameter_group_name       = "default.redis7.cluster.on"
          automatic_failover_enabled = true
          apply_immediately          = true
          {arguments}
          lifecycle {{
            ignore_changes = [{ignored}]
          }}
        }}
        "#
    )
}

/// Shards by blocks, with so many replicas each.
fn blocks(shards: u32, replicas: u32) -> String {
    let block = |id: u32| {
        format!("node_group_configuration {{\nnode_group_id = \"{id:04}\"\nreplica_count = {replicas}\n}}\n")
    };
    (1..=shards).map(block).collect()
}

/// Auto scaling of Application Auto Scaling, or another client.
fn scale(fixture: &Fixture, action: &str, count: (&str, &str)) {
    let group = ("ReplicationGroupId", "scaled");
    ask(&fixture.aws, action, &[group, ("ApplyImmediately", "true"), count]);
    fixture.aws.clock().advance(std::time::Duration::from_secs(3600));
}

/// Applies a configuration, of which the plan is as expected, and returns the calls that changed something.
fn changed(fixture: &Fixture, configuration: &str) -> Vec<String> {
    fixture.terraform.configure(configuration);
    assert_eq!(fixture.terraform.plan().actions_on(GROUP), ["update"]);
    fixture.aws.record().clear();
    fixture.terraform.apply();
    let writes = fixture.aws.record().writes();
    fixture.terraform.assert_unchanged();
    writes
}

fn members(fixture: &Fixture) -> usize {
    fixture.control(|control| control.members("scaled")).len()
}

#[test]
fn replicas_that_auto_scaling_added_stay() {
    let ignored = "node_group_configuration";
    let fixture = Fixture::new(&group("one", &blocks(2, 1), ignored));
    fixture.terraform.apply();
    scale(&fixture, "IncreaseReplicaCount", ("NewReplicaCount", "2"));
    fixture.terraform.plan().assert_empty();
    let writes = changed(&fixture, &group("two", &blocks(2, 1), ignored));
    assert_eq!(writes, ["elasticache:ModifyReplicationGroup"]);
    assert_eq!(members(&fixture), 6);
}

#[test]
fn shards_that_auto_scaling_added_stay() {
    let by_count = |description: &str, replicas: u32| {
        let counts = format!("num_node_groups = 2\nreplicas_per_node_group = {replicas}");
        group(description, &counts, "num_node_groups")
    };
    let by_blocks = |description: &str, _| group(description, &blocks(2, 1), "node_group_configuration");
    let check = |configuration: &dyn Fn(&str, u32) -> String, replicas: u32, expected: &[&str]| {
        let fixture = Fixture::new(&configuration("one", 1));
        fixture.terraform.apply();
        scale(&fixture, "ModifyReplicationGroupShardConfiguration", ("NodeGroupCount", "4"));
        fixture.terraform.plan().assert_empty();
        let mut writes = changed(&fixture, &configuration("two", replicas));
        writes.sort();
        assert_eq!(writes, expected);
        assert_eq!(members(&fixture), 4 * (replicas as usize + 1));
    };
    let both = ["elasticache:IncreaseReplicaCount", "elasticache:ModifyReplicationGroup"];
    check(&by_count, 1, &both[1..]);
    check(&by_count, 2, &both);
    check(&by_blocks, 1, &both[1..]);
}

/// Without `ignore_changes`, the plan shows that the shards of auto scaling are removed.
#[test]
fn shards_that_another_client_added_are_a_difference() {
    let fixture = Fixture::new(&group("one", &blocks(2, 1), ""));
    fixture.terraform.apply();
    scale(&fixture, "ModifyReplicationGroupShardConfiguration", ("NodeGroupCount", "3"));
    assert_eq!(fixture.terraform.plan().actions_on(GROUP), ["update"]);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(members(&fixture), 4);
}

#[test]
fn availability_zones_that_are_ignored_move_no_node() {
    let zones = |description: &str, second: &str| {
        let arguments = format!(
            "num_cache_clusters = 2\npreferred_cache_cluster_azs = [\"eu-west-1a\", \"eu-west-1{second}\"]"
        );
        group(description, &arguments, "preferred_cache_cluster_azs")
            .replace("default.redis7.cluster.on", "default.redis7")
    };
    let fixture = Fixture::new(&zones("one", "b"));
    fixture.terraform.apply();
    let writes = changed(&fixture, &zones("two", "c"));
    assert_eq!(writes, ["elasticache:ModifyReplicationGroup"]);
}
