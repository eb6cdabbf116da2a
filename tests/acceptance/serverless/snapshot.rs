//! Snapshots of serverless caches, and caches that are restored from them.

use std::time::Duration;

use serde_json::{Value, json};

use super::parts::{
    CACHE, SNAPSHOT, applied, cache, done, durations, failure, snapshot, snapshot_of_cache, until_called,
    words, writes,
};
use crate::simulator::{Fault, on};
use crate::steer::instant;
use crate::world::World;

#[test]
fn a_snapshot_has_what_the_cache_was() {
    let world = applied(&snapshot_of_cache("tags = { team = \"cache\" }"));
    let state = world.terraform.state(SNAPSHOT);
    for (name, value) in [
        ("id", json!("before")),
        ("name", json!("before")),
        ("serverless_cache_name", json!("cache")),
        ("source_snapshot_name", json!("")),
        ("s3_bucket_name", json!("")),
        ("kms_key_id", json!("")),
        ("skip_destroy", json!(false)),
        ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:serverlesscachesnapshot:before")),
        ("status", json!("available")),
        ("snapshot_type", json!("manual")),
        ("expiry_time", Value::Null),
        ("bytes_used_for_cache", json!(1_048_576)),
        ("engine", json!("valkey")),
        ("major_engine_version", json!("8")),
        ("tags", json!({ "team": "cache" })),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    assert!(state["create_time"].as_str().unwrap().ends_with('Z'), "{state}");
    world.terraform.destroy();
    assert_eq!(writes(&world), ["DeleteServerlessCacheSnapshot", "DeleteServerlessCache"]);
}

/// An automatic snapshot, which AWS deletes in time, is retained as a copy.
#[test]
fn a_copy_of_an_automatic_snapshot_outlives_it() {
    let retained = || cache("snapshot_retention_limit = 1");
    let world = instant(&retained());
    world.applied();
    assert!(world.control(|aws| aws.automatic_serverless_snapshot("cache")));
    world.aws.clock().advance(Duration::from_secs(3600));
    let automatic = world.control(|aws| aws.serverless_snapshots()).remove(0);
    let copy = snapshot(&format!("source_snapshot_name = {automatic:?}\ntags = {{ kept = \"yes\" }}"));
    world.then(&(retained() + &copy));
    let state = world.terraform.state(SNAPSHOT);
    assert_eq!(
        (&state["snapshot_type"], &state["serverless_cache_name"]),
        (&json!("manual"), &json!("cache"))
    );
    assert_eq!(done(&world, "CopyServerlessCacheSnapshot").len(), 1);
    assert!(world.control(|aws| aws.vanish_serverless_snapshot(&automatic)));
    world.terraform.assert_unchanged();
}

#[test]
fn an_export_follows_the_bucket_and_the_files_stay() {
    let with = |bucket: &str| snapshot_of_cache(&format!("s3_bucket_name = {bucket:?}"));
    let world = applied(&with("backups"));
    assert_eq!(world.control(|aws| aws.exported("before")), ["backups"]);
    world.terraform.configure(&with("archive"));
    world.terraform.plan().assert_update(SNAPSHOT, &["s3_bucket_name"]);
    world.applied();
    assert_eq!(world.control(|aws| aws.exported("before")), ["backups", "archive"]);
    world.then(&snapshot_of_cache(""));
    assert_eq!(done(&world, "ExportServerlessCacheSnapshot").len(), 1, "since the record was cleared");
}

/// AWS does not export snapshots of Memcached: the snapshot stays, and the bucket is named.
#[test]
fn a_refused_export_is_an_error_at_the_bucket() {
    let world = instant(&snapshot_of_cache("s3_bucket_name = \"backups\"").replace("valkey", "memcached"));
    let said = failure(&world);
    assert!(
        said.contains("Failed to export serverless cache snapshot \"before\" to bucket \"backups\""),
        "{said}"
    );
    assert_eq!(world.terraform.text(SNAPSHOT, "id"), "before");
    // It is tainted; without the bucket it is created again.
    world.then(&snapshot_of_cache("").replace("valkey", "memcached"));
}

#[test]
fn a_snapshot_that_disappears_is_taken_again() {
    let world = applied(&snapshot_of_cache(""));
    assert!(world.control(|aws| aws.vanish_serverless_snapshot("before")));
    world.terraform.plan().assert_create(SNAPSHOT);
    world.applied();
    world.control(|aws| aws.vanish_serverless_snapshot("before"));
    world.terraform.run(&["destroy", "-auto-approve", "-refresh=false", "-target", SNAPSHOT]).succeeds();
}

#[test]
fn tags_are_changed_in_place() {
    let with = |tags: &str| snapshot_of_cache(&format!("tags = {{ {tags} }}"));
    let world = applied(&snapshot_of_cache(""));
    for tags in ["a = \"1\"", "a = \"2\", b = \"1\"", "b = \"2\", c = \"\""] {
        world.then(&with(tags));
    }
    assert_eq!(world.terraform.state(SNAPSHOT)["tags"], json!({ "b": "2", "c": "" }));
    let arn = world.terraform.text(SNAPSHOT, "arn");
    world.control(|aws| aws.set_tag(&arn, "by", "hand"));
    world.terraform.plan().assert_update(SNAPSHOT, &["tags", "tags_all"]);
    world.applied();
    assert!(done(&world, "CreateServerlessCacheSnapshot").is_empty());
}

#[test]
fn another_name_is_another_snapshot() {
    let world = applied(&snapshot_of_cache(""));
    let other = snapshot_of_cache("").replace("\"before\"", "\"after\"");
    world.terraform.configure(&other);
    let plan = world.terraform.plan();
    plan.assert_replace(SNAPSHOT, &["name"]);
    assert!(words(&plan.diagnostics).contains("Snapshot will be replaced"), "{}", words(&plan.diagnostics));
    world.applied();
    assert_eq!(writes(&world), ["DeleteServerlessCacheSnapshot", "CreateServerlessCacheSnapshot"]);
    world.terraform.configure(&other.replace("\"after\"", "\"AFTER\""));
    world.terraform.assert_unchanged();
}

#[test]
fn a_snapshot_is_retained_when_destroy_is_skipped() {
    let world = applied(&snapshot_of_cache("skip_destroy = true"));
    world.terraform.destroy();
    assert_eq!(writes(&world), ["DeleteServerlessCache"]);
    assert_eq!(world.control(|aws| aws.serverless_snapshots()), ["before"]);
    let said = failure(&world);
    assert!(said.contains("ServerlessCacheSnapshotAlreadyExistsFault"), "{said}");
    assert!(said.contains("terraform import elasticache_serverless_cache_snapshot.NAME before"), "{said}");
}

/// The cache is in the middle of a change; AWS takes the snapshot after it.
#[test]
fn a_busy_cache_is_waited_for() {
    let world = World::new(&cache(""));
    world.applied();
    durations(&world, |all| all.settings = 900_000);
    world.other_client("ModifyServerlessCache", "ServerlessCacheName=cache DailySnapshotTime=09:00");
    world.terraform.configure(&(cache("") + &snapshot("serverless_cache_name = \"cache\"")));
    world.terraform.run(&["apply", "-auto-approve", "-refresh=false", "-target", SNAPSHOT]).succeeds();
    let tries = world.aws.calls("elasticache", "CreateServerlessCacheSnapshot");
    assert!(tries.iter().any(|call| call.code().is_some()), "{tries:?}");
    assert_eq!(done(&world, "CreateServerlessCacheSnapshot").len(), 1);
}

/// A snapshot and a change of the cache in one apply wait for each other.
#[test]
fn a_snapshot_and_a_change_of_the_cache_are_applied_together() {
    let world = World::new(&cache(""));
    world.applied();
    world.aws.clock().set_per_call(Duration::from_secs(20));
    world
        .terraform
        .configure(&(cache("description = \"New\"") + &snapshot("serverless_cache_name = \"cache\"")));
    world.terraform.apply();
    world.terraform.assert_unchanged();
}

#[track_caller]
fn survives(fault: &Fault) {
    let world = instant(&cache(""));
    world.applied();
    // As long as AWS takes to create one, a repetition finds it `creating`.
    durations(&world, |all| all.snapshot = 120_000);
    let hit = |action: &str| world.aws.fault(on("elasticache", action), fault.clone());
    ["CreateServerlessCacheSnapshot", "DescribeServerlessCacheSnapshots"].into_iter().for_each(hit);
    world.aws.clock().set_per_call(Duration::from_secs(30));
    world.terraform.configure(&snapshot_of_cache("tags = { a = \"1\" }"));
    world.terraform.apply();
    assert_eq!(world.control(|aws| aws.serverless_snapshots()), ["before"]);
    world.terraform.assert_settled();
    let copy = "resource \"elasticache_serverless_cache_snapshot\" \"copy\" {\nname = \"copy\"\n\
                source_snapshot_name = elasticache_serverless_cache_snapshot.this.name\n}\n";
    ["CopyServerlessCacheSnapshot", "AddTagsToResource"].into_iter().for_each(hit);
    world.then(&(snapshot_of_cache("tags = { a = \"2\" }") + copy));
    assert_eq!(world.control(|aws| aws.serverless_snapshots()), ["before", "copy"]);
    hit("ExportServerlessCacheSnapshot");
    world.then(&(snapshot_of_cache("tags = { a = \"2\" }\ns3_bucket_name = \"backups\"") + copy));
    hit("DeleteServerlessCacheSnapshot");
    world.terraform.destroy();
    assert_eq!(world.aws.pending_faults(), 0);
    assert!(world.control(|aws| aws.serverless_snapshots()).is_empty());
}

each_fault! { survives:
    throttling_in_every_step => Fault::Throttle,
    a_gateway_that_answers_html_in_every_step => Fault::BadGateway,
    an_answer_lost_in_every_step => Fault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => Fault::CutBody(0.5),
    an_answer_cut_short_in_every_step => Fault::TruncatedBody(0.5),
}

/// One that existed before is not adopted, whatever was lost on the way.
#[test]
fn an_existing_snapshot_is_not_adopted() {
    let world = instant(&cache(""));
    world.applied();
    world.other_client(
        "CreateServerlessCacheSnapshot",
        "ServerlessCacheSnapshotName=before ServerlessCacheName=cache",
    );
    world.aws.clock().advance(Duration::from_secs(3600));
    world.terraform.configure(&snapshot_of_cache(""));
    world.aws.fault(on("elasticache", "CreateServerlessCacheSnapshot"), Fault::AppliedButResponseLost);
    let said = failure(&world);
    assert!(said.contains("ServerlessCacheSnapshotAlreadyExistsFault"), "{said}");
    assert_eq!(world.terraform.state(SNAPSHOT), Value::Null);
}

#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let world = applied(&snapshot_of_cache(""));
    for part in [0.05, 0.3, 0.6, 0.95] {
        world.aws.fault(on("elasticache", "DescribeServerlessCacheSnapshots"), Fault::TruncatedBody(part));
        let run = world.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
        assert!(run.code != Some(2), "cut at {part}: {run}");
        assert_eq!(world.aws.pending_faults(), 0);
    }
    world.terraform.plan().assert_empty();
}

/// Ctrl-C while AWS takes the snapshot: it is in the state, and the next apply takes it again.
#[test]
fn an_interrupted_create_is_not_forgotten() {
    let world = instant(&cache(""));
    world.applied();
    durations(&world, |all| all.snapshot = 600_000);
    world.aws.clock().set_per_call(Duration::ZERO);
    world.terraform.configure(&snapshot_of_cache(""));
    let apply = world.terraform.start(&["apply", "-json", "-auto-approve"]);
    until_called(&world, "DescribeServerlessCacheSnapshots", 2);
    apply.interrupt();
    apply.finish().fails();
    assert_eq!(world.terraform.text(SNAPSHOT, "id"), "before");
    world.aws.clock().set_per_call(Duration::from_secs(300));
    world.aws.clock().advance(Duration::from_secs(3600));
    world.applied();
    assert_eq!(world.control(|aws| aws.serverless_snapshots()), ["before"]);
}

#[test]
fn an_import_accepts_the_name_and_the_arn() {
    let world = applied(&snapshot_of_cache(""));
    let other = "arn:aws:elasticache:eu-west-1:123456789012:snapshot:before";
    world.terraform.run(&["state", "rm", SNAPSHOT]).succeeds();
    let run = world.terraform.run(&["import", "-no-color", SNAPSHOT, other]).fails();
    assert!(run.stderr.contains("Invalid import ID"), "{run}");
    for id in ["arn:aws:elasticache:eu-west-1:123456789012:serverlesscachesnapshot:before", "before"] {
        world.terraform.run(&["import", SNAPSHOT, id]).succeeds();
        assert_eq!(world.terraform.text(SNAPSHOT, "id"), "before");
        world.terraform.assert_settled();
        world.terraform.run(&["state", "rm", SNAPSHOT]).succeeds();
    }
}

/// A cache and the snapshot that another one is restored from, in one configuration.
#[test]
fn a_second_cache_is_restored_from_a_snapshot_of_the_first() {
    let second = "resource \"elasticache_serverless_cache\" \"second\" {\nname = \"second\"\nengine = \"valkey\"\n\
                  snapshot_arns_to_restore = [elasticache_serverless_cache_snapshot.this.arn]\n}\n";
    let world = World::new(&(snapshot_of_cache("") + second));
    world.applied();
    let created = done(&world, "CreateServerlessCache");
    let restored: Vec<bool> =
        created.iter().map(|call| call.parameter("SnapshotArnsToRestore.SnapshotArn.1").is_some()).collect();
    assert_eq!(restored, [false, true]);
    assert_eq!(world.terraform.text(CACHE, "status"), "available");
    world.terraform.destroy();
    assert!(world.control(|aws| aws.serverless_snapshots()).is_empty());
}
