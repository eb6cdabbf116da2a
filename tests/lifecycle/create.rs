//! Creating groups.

use crate::world::World;

#[test]
fn one_node_with_nothing_but_what_is_needed() {
    let world = World::new(
        r#"
        resource "elasticache_replication_group" "test" {
          replication_group_id = "one"
          description          = "one node"
          node_type            = "cache.t4g.small"
          num_cache_clusters   = 1
        }
        "#,
    );
    world.applied();
    let state = world.terraform.state("elasticache_replication_group.test");
    assert_eq!(state["engine"], "redis");
    assert_eq!(state["member_clusters"], serde_json::json!(["one-001"]));
    assert_eq!(state["cluster_enabled"], false);
    assert_eq!(state["status"], "available");
    world.terraform.destroy();
    assert_eq!(world.aws.calls("elasticache", "DeleteReplicationGroup").len(), 1);
}
