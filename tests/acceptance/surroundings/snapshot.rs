//! Snapshots, and groups that are filled from them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::simulator::{Call, Fault, on};
use crate::steer::{THIS as GROUP, group, instant};
use crate::surroundings::parts::{told, until_called, words, writes};
use crate::world::World;

const THIS: &str = "elasticache_snapshot.this";

/// A snapshot `before` with these arguments.
fn snapshot(arguments: &str) -> String {
    format!("resource \"elasticache_snapshot\" \"this\" {{\nname = \"before\"\n{arguments}\n}}\n")
}

/// A group of two nodes.
fn cache() -> String {
    group("num_cache_clusters = 2")
}

/// The group and a snapshot of it, with these arguments too.
fn of_group(arguments: &str) -> String {
    cache() + &snapshot(&format!("replication_group_id = elasticache_replication_group.this.id\n{arguments}"))
}

fn applied(configuration: &str) -> World {
    let world = instant(configuration);
    world.applied();
    world.aws.record().clear();
    world
}

/// The done calls of an action since the record was cleared.
fn done(world: &World, action: &str) -> Vec<Call> {
    world.aws.calls("elasticache", action).into_iter().filter(Call::is_done).collect()
}

#[test]
fn of_a_group_it_has_what_the_group_was() {
    let world = applied(&of_group("tags = { team = \"cache\" }"));
    let state = world.terraform.state(THIS);
    for (name, value) in [
        ("id", json!("before")),
        ("name", json!("before")),
        ("replication_group_id", json!("cache")),
        ("cache_cluster_id", json!("")),
        ("source_snapshot_name", json!("")),
        ("target_bucket", json!("")),
        ("kms_key_id", json!("")),
        ("skip_destroy", json!(false)),
        ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:snapshot:before")),
        ("snapshot_source", json!("manual")),
        ("node_type", json!("cache.t4g.small")),
        ("num_node_groups", json!(1)),
        ("num_cache_nodes", Value::Null),
        ("port", json!(6379)),
        ("tags", json!({ "team": "cache" })),
        ("tags_all", json!({ "team": "cache" })),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    let nodes = state["node_snapshots"].as_array().unwrap();
    assert_eq!(nodes.len(), 1);
    assert_eq!(nodes[0]["cache_size"], "5 MB");
    assert_eq!(nodes[0]["snapshot_create_time"], state["snapshot_create_time"]);
    assert!(state["snapshot_create_time"].as_str().unwrap().ends_with('Z'), "{state}");
    world.terraform.destroy();
    assert_eq!(writes(&world, "elasticache"), ["DeleteSnapshot", "DeleteReplicationGroup"]);
}

#[test]
fn of_shards_there_is_data_of_each() {
    let sharded =
        group("num_node_groups = 3\nreplicas_per_node_group = 1\nautomatic_failover_enabled = true");
    let world =
        applied(&(sharded + &snapshot("replication_group_id = elasticache_replication_group.this.id")));
    let state = world.terraform.state(THIS);
    assert_eq!(state["num_node_groups"], 3);
    let nodes = state["node_snapshots"].as_array().unwrap();
    let shards: Vec<&str> = nodes.iter().map(|node| node["node_group_id"].as_str().unwrap()).collect();
    assert_eq!(shards, ["0001", "0002", "0003"]);
}

/// A replica gives the data, so that the primary is spared.
#[test]
fn of_one_node() {
    let node = "cache_cluster_id = elasticache_replication_group.this.member_clusters[1]";
    let world = applied(&(cache() + &snapshot(node)));
    let state = world.terraform.state(THIS);
    assert_eq!(
        (&state["cache_cluster_id"], &state["replication_group_id"]),
        (&json!("cache-002"), &json!(""))
    );
    assert_eq!(state["num_cache_nodes"], 1);
}

/// A daily snapshot, which AWS deletes in time, is kept by a copy of it.
#[test]
fn a_copy_of_a_daily_snapshot() {
    let world = instant(&group("num_cache_clusters = 1\nsnapshot_retention_limit = 1"));
    world.applied();
    assert!(world.control(|aws| aws.automatic_snapshot("cache")));
    world.aws.clock().advance(Duration::from_secs(3600));
    let all = world.control(|aws| aws.snapshots());
    let daily = all.iter().find(|name| name.starts_with("automatic.cache-")).unwrap();
    let copy = snapshot(&format!("source_snapshot_name = {daily:?}\ntags = {{ kept = \"yes\" }}"));
    world.then(&(group("num_cache_clusters = 1\nsnapshot_retention_limit = 1") + &copy));
    let state = world.terraform.state(THIS);
    assert_eq!(state["snapshot_source"], "manual");
    // AWS takes daily snapshots of a group without cluster mode from one of its nodes.
    assert_eq!(state["cache_cluster_id"], "cache-001");
    assert_eq!(state["replication_group_id"], "");
    assert_eq!(done(&world, "CopySnapshot").len(), 1);
    // The copy outlives what it is a copy of.
    world.other_client("DeleteSnapshot", &format!("SnapshotName={daily}"));
    world.aws.clock().advance(Duration::from_secs(3600));
    world.terraform.assert_unchanged();
}

/// Files in a bucket are S3's: nothing to read, nothing to delete.
#[test]
fn a_copy_into_a_bucket() {
    let with = |more: &str| of_group("") + more;
    let export = "resource \"elasticache_snapshot\" \"export\" {\nname = \"export\"\n\
                  source_snapshot_name = elasticache_snapshot.this.name\ntarget_bucket = \"backups\"\n}\n";
    let world = applied(&with(""));
    world.terraform.configure(&with(export));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    let call = &done(&world, "CopySnapshot")[0];
    assert_eq!(call.parameter("TargetBucket").as_deref(), Some("backups"));
    let state = world.terraform.state("elasticache_snapshot.export");
    assert_eq!((&state["arn"], &state["engine"]), (&Value::Null, &json!("redis")));
    world.terraform.configure(&with(""));
    let plan = world.terraform.plan();
    assert!(words(&plan.diagnostics).contains("Exported files are not deleted"));
    world.terraform.apply();
    assert!(done(&world, "DeleteSnapshot").is_empty());
}

#[test]
fn disappears() {
    let world = applied(&of_group(""));
    world.other_client("DeleteSnapshot", "SnapshotName=before");
    world.aws.clock().advance(Duration::from_secs(3600));
    world.terraform.plan().assert_create(THIS);
    world.applied();
    world.other_client("DeleteSnapshot", "SnapshotName=before");
    world.aws.clock().advance(Duration::from_secs(3600));
    let destroy = ["destroy", "-auto-approve", "-refresh=false", "-target", THIS];
    world.terraform.run(&destroy).succeeds();
}

#[test]
fn tags() {
    let with = |tags: &str| of_group(&format!("tags = {{ {tags} }}"));
    let world = applied(&of_group(""));
    for tags in ["a = \"1\"", "a = \"2\", b = \"1\"", "b = \"2\", c = \"\""] {
        world.then(&with(tags));
    }
    assert_eq!(world.terraform.state(THIS)["tags"], json!({ "b": "2", "c": "" }));
    let arn = world.terraform.text(THIS, "arn");
    world.control(|aws| aws.set_tag(&arn, "by", "hand"));
    world.terraform.plan().assert_update(THIS, &["tags", "tags_all"]);
    world.applied();
    assert!(done(&world, "CreateSnapshot").is_empty());
}

/// A snapshot is of its moment: another name or origin is another one, which the plan says.
#[test]
fn another_name_is_another_snapshot() {
    let world = applied(&of_group(""));
    let other = of_group("").replace("\"before\"", "\"after\"");
    world.terraform.configure(&other);
    let plan = world.terraform.plan();
    plan.assert_replace(THIS, &["name"]);
    assert!(words(&plan.diagnostics).contains("the old one is deleted"), "{}", words(&plan.diagnostics));
    world.applied();
    assert_eq!(writes(&world, "elasticache"), ["DeleteSnapshot", "CreateSnapshot"]);
    // Capitals make no other name.
    world.terraform.configure(&other.replace("\"after\"", "\"AFTER\""));
    world.terraform.assert_unchanged();
}

#[test]
fn it_stays_when_destroy_is_skipped() {
    let world = applied(&of_group("skip_destroy = true"));
    world.terraform.destroy();
    assert_eq!(writes(&world, "elasticache"), ["DeleteReplicationGroup"]);
    assert_eq!(world.control(|aws| aws.snapshots()), ["before"]);
    // Another one of that name cannot be made; the message names the way to it.
    let said = told(&world);
    assert!(said.contains("SnapshotAlreadyExistsFault"), "{said}");
    assert!(said.contains("terraform import elasticache_snapshot.NAME before"), "{said}");
}

/// The group is in the middle of a change; AWS takes the snapshot after it.
#[test]
fn a_busy_group_is_waited_for() {
    let world = World::new(&cache());
    world.applied();
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.durations.modify = 900_000));
    world.other_client(
        "ModifyReplicationGroup",
        "ReplicationGroupId=cache ApplyImmediately=true CacheNodeType=cache.t4g.medium",
    );
    world.terraform.configure(&(cache() + &snapshot("replication_group_id = \"cache\"")));
    world.terraform.run(&["apply", "-auto-approve", "-refresh=false", "-target", THIS]).succeeds();
    let tries = world.aws.calls("elasticache", "CreateSnapshot");
    assert!(tries.iter().any(|call| call.code().is_some()), "{tries:?}");
    assert_eq!(done(&world, "CreateSnapshot").len(), 1);
}

/// Deletion waits while something is made from the snapshot.
#[test]
fn a_snapshot_in_use_is_deleted_once_it_is_free() {
    let world = World::new(&of_group(""));
    world.applied();
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.durations.create = 7_200_000));
    world.other_client(
        "CreateReplicationGroup",
        "ReplicationGroupId=other ReplicationGroupDescription=other CacheNodeType=cache.t4g.small \
         SnapshotName=before",
    );
    world.aws.record().clear();
    world.terraform.run(&["destroy", "-auto-approve", "-target", THIS]).succeeds();
    let tries = world.aws.calls("elasticache", "DeleteSnapshot");
    assert!(tries.iter().any(|call| call.code() == Some("InvalidSnapshotState")), "{tries:?}");
    assert!(tries.last().is_some_and(Call::is_done));
}

/// Every call of a life hit once by the fault.
#[track_caller]
fn survives(fault: &Fault) {
    let world = instant(&cache());
    world.applied();
    // As long as AWS takes to make one, a repetition finds it in the making.
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.durations.snapshot = 120_000));
    let hit = |action: &str| world.aws.fault(on("elasticache", action), fault.clone());
    ["CreateSnapshot", "DescribeSnapshots"].into_iter().for_each(hit);
    world.aws.clock().set_per_call(Duration::from_secs(30));
    world.terraform.configure(&of_group("tags = { a = \"1\" }"));
    world.terraform.apply();
    assert_eq!(world.control(|aws| aws.snapshots()), ["before"]);
    world.terraform.assert_settled();
    let copy = "resource \"elasticache_snapshot\" \"copy\" {\nname = \"copy\"\n\
                source_snapshot_name = elasticache_snapshot.this.name\n}\n";
    ["CopySnapshot", "AddTagsToResource"].into_iter().for_each(hit);
    world.then(&(of_group("tags = { a = \"2\" }") + copy));
    assert_eq!(world.control(|aws| aws.snapshots()), ["before", "copy"]);
    hit("DeleteSnapshot");
    world.terraform.destroy();
    assert_eq!(world.aws.pending_faults(), 0);
    assert!(world.control(|aws| aws.snapshots()).is_empty());
}

each_fault! { survives:
    throttling_in_every_step => Fault::Throttle,
    a_gateway_that_answers_html_in_every_step => Fault::BadGateway,
    an_answer_lost_in_every_step => Fault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => Fault::CutBody(0.5),
    an_answer_cut_short_in_every_step => Fault::TruncatedBody(0.5),
}

/// One that was there before is not taken over, whatever was lost on the way.
#[test]
fn a_snapshot_of_somebody_else_is_not_taken_over() {
    let world = instant(&cache());
    world.applied();
    world.other_client("CreateSnapshot", "SnapshotName=before ReplicationGroupId=cache");
    world.aws.clock().advance(Duration::from_secs(3600));
    world.terraform.configure(&of_group(""));
    world.aws.fault(on("elasticache", "CreateSnapshot"), Fault::AppliedButResponseLost);
    let said = told(&world);
    assert!(said.contains("SnapshotAlreadyExistsFault"), "{said}");
    assert_eq!(world.terraform.state(THIS), Value::Null);
}

#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let world = applied(&of_group(""));
    for part in [0.05, 0.3, 0.6, 0.95] {
        world.aws.fault(on("elasticache", "DescribeSnapshots"), Fault::TruncatedBody(part));
        let run = world.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
        assert!(run.code != Some(2), "cut at {part}: {run}");
        assert_eq!(world.aws.pending_faults(), 0);
    }
    world.terraform.plan().assert_empty();
}

/// Ctrl-C while AWS takes the snapshot: it is in the state, and the next apply takes it anew.
#[test]
fn an_interrupted_create_is_not_forgotten() {
    let world = instant(&cache());
    world.applied();
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.durations.snapshot = 600_000));
    world.aws.clock().set_per_call(Duration::ZERO);
    world.terraform.configure(&of_group(""));
    let apply = world.terraform.start(&["apply", "-json", "-auto-approve"]);
    until_called(&world, "elasticache", "DescribeSnapshots", 2);
    apply.interrupt();
    apply.finish().fails();
    assert_eq!(world.terraform.text(THIS, "id"), "before");
    world.aws.clock().set_per_call(Duration::from_secs(300));
    world.aws.clock().advance(Duration::from_secs(3600));
    world.applied();
    assert_eq!(world.control(|aws| aws.snapshots()), ["before"]);
}

#[test]
fn an_import_takes_the_name_or_the_arn() {
    let world = applied(&of_group(""));
    let other = "arn:aws:elasticache:eu-west-1:123456789012:user:before";
    world.terraform.run(&["state", "rm", THIS]).succeeds();
    let run = world.terraform.run(&["import", "-no-color", THIS, other]).fails();
    assert!(run.stderr.contains("Invalid import ID"), "{run}");
    for id in ["arn:aws:elasticache:eu-west-1:123456789012:snapshot:before", "before"] {
        world.terraform.run(&["import", THIS, id]).succeeds();
        assert_eq!(world.terraform.text(THIS, "id"), "before");
        world.terraform.assert_settled();
        world.terraform.run(&["state", "rm", THIS]).succeeds();
    }
}

/// The snapshots that groups were created from, in order.
fn restored_from(world: &World) -> Vec<Option<String>> {
    done(world, "CreateReplicationGroup").iter().map(|call| call.parameter("SnapshotName")).collect()
}

/// The cache is destroyed with a final snapshot, and comes back from it in one apply.
#[test]
fn a_destroyed_group_comes_back_from_its_final_snapshot() {
    let with =
        |more: &str| group(&format!("num_cache_clusters = 2\nfinal_snapshot_identifier = \"last\"\n{more}"));
    let world = World::new(&with(""));
    world.applied();
    world.terraform.destroy();
    assert_eq!(world.control(|aws| aws.snapshots()), ["last"]);
    world.then(&with("snapshot_name = \"last\""));
    assert_eq!(restored_from(&world), [None, Some("last".to_owned())]);
    assert_eq!(world.terraform.text(GROUP, "status"), "available");
}

/// A change that needs another group carries the data over, in one apply: the old group goes with a
/// final snapshot, and the new one is made from it.
#[test]
fn a_replacement_carries_the_data_over() {
    let with =
        |more: &str| group(&format!("num_cache_clusters = 2\nfinal_snapshot_identifier = \"carry\"\n{more}"));
    let world = World::new(&with("at_rest_encryption_enabled = false"));
    world.applied();
    world.then(&with("at_rest_encryption_enabled = true\nsnapshot_name = \"carry\""));
    assert_eq!(restored_from(&world), [None, Some("carry".to_owned())]);
    assert_eq!(world.terraform.state(GROUP)["at_rest_encryption_enabled"], true);
}

/// A group and the snapshot it is filled from in one configuration: the snapshot of one group, the
/// other group from it.
#[test]
fn a_second_group_is_filled_from_a_snapshot_of_the_first() {
    let second = "resource \"elasticache_replication_group\" \"second\" {\nreplication_group_id = \"second\"\n\
                  description = \"from the first\"\nnode_type = \"cache.t4g.small\"\nnum_cache_clusters = 1\n\
                  snapshot_name = elasticache_snapshot.this.name\n}\n";
    let world = World::new(&(of_group("") + second));
    world.applied();
    assert_eq!(restored_from(&world), [None, Some("before".to_owned())]);
    world.terraform.destroy();
    assert!(world.control(|aws| aws.snapshots()).is_empty());
}
