//! Replication groups that are created from snapshots of serverless caches.

use super::parts::{SNAPSHOT, failure, snapshot_of_cache, writes};
use crate::steer::instant;
use crate::world::{GROUP, group};

/// Cache, snapshot, and a replication group with these lines.
fn restored(lines: &str) -> String {
    let lines =
        format!("engine = \"valkey\"\nnode_type = \"cache.t4g.small\"\nnum_cache_clusters = 1\n{lines}");
    snapshot_of_cache("") + &group("restored", &lines)
}

#[test]
fn a_group_is_created_from_a_snapshot_of_a_serverless_cache() {
    let world = instant(&restored(&format!("serverless_cache_snapshot_name = upper({SNAPSHOT}.name)")));
    world.applied();
    let created = world.aws.calls("elasticache", "CreateReplicationGroup").remove(0);
    assert_eq!(created.parameter("ServerlessCacheSnapshotName").as_deref(), Some("before"));
    assert_eq!(world.group()["serverless_cache_snapshot_name"], "BEFORE");

    // Another snapshot forces a new resource; without the argument the group keeps its data.
    world.terraform.configure(&restored("serverless_cache_snapshot_name = \"another\""));
    world.terraform.plan().assert_replace(GROUP, &["serverless_cache_snapshot_name"]);
    world.aws.record().clear();
    world.then(&restored(""));
    assert_eq!(writes(&world), [""; 0]);

    world.terraform.destroy();
    let deleted = writes(&world);
    assert!(deleted.contains(&"DeleteReplicationGroup".to_owned()), "{deleted:?}");
    assert!(deleted.contains(&"DeleteServerlessCacheSnapshot".to_owned()), "{deleted:?}");
}

#[test]
fn a_missing_snapshot_is_an_error_at_its_argument() {
    let world = instant(&restored("serverless_cache_snapshot_name = \"missing\""));
    let said = failure(&world);
    assert!(said.contains("ServerlessCacheSnapshotNotFoundFault"), "{said}");
    assert!(said.contains("serverless_cache_snapshot_name = \"missing\""), "{said}");
}

#[test]
fn two_sources_of_data_are_refused() {
    let both = "serverless_cache_snapshot_name = \"before\"\nsnapshot_name = \"before\"";
    let world = instant(&restored(both));
    let said = world.terraform.plan_fails();
    let said: String = said.iter().map(|diagnostic| format!("{diagnostic}\n")).collect();
    let expected = "serverless_cache_snapshot_name and snapshot_name cannot be given together";
    assert!(said.contains(expected), "{said}");
}
