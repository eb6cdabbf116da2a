//! Finding snapshots, and groups that come back from what was found.

use std::time::Duration;

use serde_json::json;

use crate::simulator::Call;
use crate::steer::{group, instant};
use crate::surroundings::parts::words;
use crate::world::World;

const LAST: &str = "data.elasticache_snapshot.last";
const ALL: &str = "data.elasticache_snapshots.all";

/// Asks for one snapshot.
fn last(arguments: &str) -> String {
    format!("data \"elasticache_snapshot\" \"last\" {{\n{arguments}\n}}\n")
}

/// Asks for snapshots.
fn all(arguments: &str) -> String {
    format!("data \"elasticache_snapshots\" \"all\" {{\n{arguments}\n}}\n")
}

fn cache() -> String {
    group("num_cache_clusters = 1\nsnapshot_retention_limit = 3")
}

/// Two snapshots of the group by hand an hour apart, one of its node, and a daily one.
fn world() -> World {
    let world = instant(&cache());
    world.applied();
    for (name, of) in [
        ("first", "ReplicationGroupId=cache"),
        ("second", "ReplicationGroupId=cache"),
        ("node", "CacheClusterId=cache-001"),
    ] {
        world.other_client("CreateSnapshot", &format!("SnapshotName={name} {of}"));
        world.aws.clock().advance(Duration::from_secs(3600));
    }
    assert!(world.control(|aws| aws.automatic_snapshot("cache")));
    world.aws.clock().advance(Duration::from_secs(3600));
    world
}

/// The names that a listing with these arguments gives.
fn names(world: &World, arguments: &str) -> Vec<String> {
    world.terraform.configure(&(cache() + &all(arguments)));
    world.terraform.apply();
    let state = world.terraform.state(ALL);
    let names = state["names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
    names.collect()
}

#[test]
fn snapshots_are_listed_newest_first() {
    let world = world();
    let every = names(&world, "");
    assert!(every[0].starts_with("automatic.cache-"), "{every:?}");
    assert_eq!(every[1..], ["node", "second", "first"]);
    assert_eq!(
        names(&world, "replication_group_id = \"cache\"\nsnapshot_source = \"manual\""),
        ["second", "first"]
    );
    assert_eq!(names(&world, "snapshot_source = \"automated\""), every[..1]);
    // The daily one is of the node too.
    assert_eq!(names(&world, "cache_cluster_id = \"cache-001\""), every[..2]);
    assert_eq!(names(&world, "replication_group_id = \"other\""), [""; 0]);
    let of_second = world.terraform.state(ALL);
    assert_eq!(of_second["snapshots"], json!([]));
    names(&world, "");
    let state = world.terraform.state(ALL);
    let second = &state["snapshots"][2];
    for (name, value) in [
        ("name", json!("second")),
        ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:snapshot:second")),
        ("status", json!("available")),
        ("replication_group_id", json!("cache")),
        ("snapshot_source", json!("manual")),
        ("node_type", json!("cache.t4g.small")),
        ("num_node_groups", json!(1)),
    ] {
        assert_eq!(second[name], value, "{name}");
    }
    // By age: what was taken between the others.
    let moment = |at: usize| state["snapshots"][at]["snapshot_create_time"].as_str().unwrap().to_owned();
    let between = format!("created_after = {:?}\ncreated_before = {:?}", moment(3), moment(1));
    assert_eq!(names(&world, &between), ["second"]);
    world.terraform.assert_unchanged();
}

#[test]
fn the_most_recent_one_of_a_group() {
    let world = world();
    let asked = "replication_group_id = \"cache\"\nsnapshot_source = \"manual\"";
    world.terraform.configure(&(cache() + &last(asked)));
    let said = words(&world.terraform.plan_fails());
    assert!(
        said.contains("Several snapshots match") && said.contains("newest first: second, first"),
        "{said}"
    );
    world.terraform.configure(&(cache() + &last(&format!("{asked}\nmost_recent = true"))));
    world.terraform.apply();
    assert_eq!(world.terraform.text(LAST, "name"), "second");
    world.terraform.assert_unchanged();
    world.terraform.configure(&(cache() + &last("name = \"FIRST\"")));
    world.terraform.apply();
    assert_eq!(world.terraform.text(LAST, "id"), "first");
    world.terraform.configure(&(cache() + &last("name = \"third\"")));
    let said = words(&world.terraform.plan_fails());
    assert!(said.contains("AWS has no snapshot named \"third\""), "{said}");
}

/// The cache is destroyed, and comes back from its last snapshot, whose name nobody has to know.
#[test]
fn a_destroyed_group_comes_back_from_the_last_snapshot_there_is() {
    let with = |more: &str| {
        group(&format!("num_cache_clusters = 2\nfinal_snapshot_identifier = \"final-of-today\"\n{more}"))
    };
    let world = World::new(&with(""));
    world.applied();
    world.terraform.destroy();
    world.aws.record().clear();
    let found = last("replication_group_id = \"cache\"\nmost_recent = true");
    world.then(&(found + &with("snapshot_name = data.elasticache_snapshot.last.name")));
    let made: Vec<Call> =
        world.aws.calls("elasticache", "CreateReplicationGroup").into_iter().filter(Call::is_done).collect();
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].parameter("SnapshotName").as_deref(), Some("final-of-today"));
}
