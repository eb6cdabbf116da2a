//! A secondary of a global datastore whose primary is in another region.

use crate::world::{GROUP, World, group};

const DATASTORE: &str = "abcde-global";

fn member(nodes: u32, more: &str) -> String {
    group(
        "second",
        &format!(
            "global_replication_group_id = {DATASTORE:?}\n num_cache_clusters = {nodes}\n apply_immediately = true\n {more}"
        ),
    )
}

fn world(configuration: &str) -> World {
    let world = World::new(configuration);
    world.control(|aws| aws.add_global(DATASTORE, "redis", "7.1", "cache.r7g.large"));
    world
}

/// Engine, version, size and failover are the datastore's; the rest is the group's own.
#[test]
fn a_secondary_takes_over_what_the_datastore_decides() {
    let world = world(&member(2, ""));
    world.applied();
    let state = world.group();
    assert_eq!(state["global_replication_group_id"], DATASTORE);
    assert_eq!(
        (&state["engine"], &state["engine_version_actual"], &state["node_type"]),
        (&"redis".into(), &"7.1.0".into(), &"cache.r7g.large".into())
    );
    assert_eq!(state["automatic_failover_enabled"], true);
    let created = &world.aws.calls("elasticache", "CreateReplicationGroup")[0];
    for name in ["Engine", "EngineVersion", "CacheNodeType", "AutomaticFailoverEnabled"] {
        assert_eq!(created.parameter(name), None, "{name}");
    }
}

/// hashicorp/aws #27875: the datastore refuses a change of the whole group where only its
/// nodes were to change.
#[test]
fn aws_27875_nodes_of_a_secondary_change_in_place() {
    let world = world(&member(2, ""));
    world.applied();
    world.then(&member(3, "maintenance_window = \"mon:05:00-mon:07:00\""));
    assert_eq!(world.group()["num_cache_clusters"], 3);
    world.assert_in_place();
}

#[test]
fn a_secondary_that_vanished_is_planned_anew() {
    let world = world(&member(2, ""));
    world.applied();
    assert!(world.control(|aws| aws.vanish("second")));
    world.terraform.plan().assert_create(GROUP);
}

/// hashicorp/aws #32804: AWS deletes no group that belongs to a datastore.
#[test]
fn aws_32804_a_secondary_leaves_the_datastore_before_it_is_deleted() {
    let world = world(&member(2, ""));
    world.applied();
    world.aws.record().clear();
    world.terraform.destroy();
    let writes = world.aws.record().writes();
    assert_eq!(
        writes,
        ["elasticache:DisassociateGlobalReplicationGroup", "elasticache:DeleteReplicationGroup"]
    );
    assert_eq!(world.control(|aws| aws.status("second")), None);
}

/// Left by other hands already, or the datastore gone.
#[test]
fn a_secondary_that_has_left_is_deleted_all_the_same() {
    let world = world(&member(2, ""));
    world.applied();
    disassociated(&world);
    world.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
    assert_eq!(world.control(|aws| aws.status("second")), None);
}

fn disassociated(world: &World) {
    world.other_client(
        "DisassociateGlobalReplicationGroup",
        &format!(
            "GlobalReplicationGroupId={DATASTORE} ReplicationGroupId=second ReplicationGroupRegion=eu-west-1"
        ),
    );
    world.aws.clock().advance(std::time::Duration::from_secs(600));
}

/// As in an outage of the primary's region.
#[test]
fn a_secondary_that_has_left_is_not_replaced_and_then_upgraded_alone() {
    let world = world(&member(2, ""));
    world.applied();
    disassociated(&world);
    let said = world.refused(&member(2, ""));
    assert!(said.contains("A group that exists joins no global datastore"), "{said}");
    world.then(&group(
        "second",
        "engine = \"valkey\"\n engine_version = \"8.0\"\n node_type = \"cache.r7g.xlarge\"\n num_cache_clusters = 2\n \
         apply_immediately = true",
    ));
    let state = world.group();
    assert_eq!((&state["engine"], &state["node_type"]), (&"valkey".into(), &"cache.r7g.xlarge".into()));
    assert_eq!(state["global_replication_group_id"], serde_json::Value::Null);
    world.assert_in_place();
}
