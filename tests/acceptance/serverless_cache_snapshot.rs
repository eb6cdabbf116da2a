//! Snapshots of serverless caches, and caches that are restored from them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::aws_control::{failure, instant, until_called, words, writes};
use crate::chaos::driver::Driver;
use crate::chaos::object::Object;
use crate::chaos::subjects::{Seed, WAIT};
use crate::fixture::Fixture;
use crate::serverless_cache::parts::{CACHE, SNAPSHOT, applied, cache, done, snapshot, snapshot_of_cache};
use crate::simulator::{InjectedFault, on};

#[test]
fn a_snapshot_has_what_the_cache_was() {
    let fixture = applied(&snapshot_of_cache(r#"tags = { team = "cache" }"#));
    let state = fixture.terraform.state(SNAPSHOT);
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
    fixture.terraform.destroy();
    assert_eq!(writes(&fixture.aws), ["DeleteServerlessCacheSnapshot", "DeleteServerlessCache"]);
}

/// An automatic snapshot, which AWS deletes in time, is retained as a copy.
#[test]
fn a_copy_of_an_automatic_snapshot_outlives_it() {
    let retained = || cache("snapshot_retention_limit = 1");
    let fixture = instant(&retained());
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.automatic_serverless_snapshot("cache")));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    let automatic = fixture.control(|aws| aws.serverless_snapshots()).remove(0);
    let copy = snapshot(&format!(
        r#"source_snapshot_name = {automatic:?}
tags = {{ kept = "yes" }}"#
    ));
    fixture.change_and_verify(&(retained() + &copy));
    let state = fixture.terraform.state(SNAPSHOT);
    assert_eq!(
        (&state["snapshot_type"], &state["serverless_cache_name"]),
        (&json!("manual"), &json!("cache"))
    );
    assert_eq!(done(&fixture, "CopyServerlessCacheSnapshot").len(), 1);
    assert!(fixture.control(|aws| aws.vanish_serverless_snapshot(&automatic)));
    fixture.terraform.assert_unchanged();
}

#[test]
fn an_export_follows_the_bucket_and_the_files_stay() {
    let with = |bucket: &str| snapshot_of_cache(&format!("s3_bucket_name = {bucket:?}"));
    let fixture = applied(&with("backups"));
    assert_eq!(fixture.control(|aws| aws.exported("before")), ["backups"]);
    fixture.terraform.configure(&with("archive"));
    fixture.terraform.plan().assert_update(SNAPSHOT, &["s3_bucket_name"]);
    fixture.apply_and_verify();
    assert_eq!(fixture.control(|aws| aws.exported("before")), ["backups", "archive"]);
    fixture.change_and_verify(&snapshot_of_cache(""));
    assert_eq!(done(&fixture, "ExportServerlessCacheSnapshot").len(), 1, "since the record was cleared");
}

/// AWS does not export snapshots of Memcached: the snapshot stays, and the bucket is named.
#[test]
fn a_refused_export_does_not_replace_the_snapshot() {
    let memcached = |arguments: &str| snapshot_of_cache(arguments).replace("valkey", "memcached");
    let fixture = instant(&memcached(r#"s3_bucket_name = "backups""#));
    let export = r#"Failed to export serverless cache snapshot "before" to bucket "backups""#;
    let warned = words(&fixture.terraform.apply());
    assert!(warned.contains(export), "{warned}");
    assert_eq!(fixture.terraform.text(SNAPSHOT, "id"), "before");
    // It is not tainted: the next apply repeats the export in place, where a failure is an error.
    fixture.terraform.plan().assert_update(SNAPSHOT, &["s3_bucket_name"]);
    fixture.aws.record().clear();
    let said = failure(&fixture);
    assert!(said.contains(export), "{said}");
    fixture.change_and_verify(&memcached(""));
    assert_eq!(writes(&fixture.aws), [""; 0]);
    assert_eq!(fixture.control(|aws| aws.serverless_snapshots()), ["before"]);
}

#[test]
fn a_snapshot_that_disappears_is_taken_again() {
    let fixture = applied(&snapshot_of_cache(""));
    assert!(fixture.control(|aws| aws.vanish_serverless_snapshot("before")));
    fixture.terraform.plan().assert_create(SNAPSHOT);
    fixture.apply_and_verify();
    fixture.control(|aws| aws.vanish_serverless_snapshot("before"));
    fixture.terraform.run(&["destroy", "-auto-approve", "-refresh=false", "-target", SNAPSHOT]).succeeds();
}

#[test]
fn tags_are_changed_in_place() {
    let with = |tags: &str| snapshot_of_cache(&format!("tags = {{ {tags} }}"));
    let fixture = applied(&snapshot_of_cache(""));
    for tags in [r#"a = "1""#, r#"a = "2", b = "1""#, r#"b = "2", c = """#] {
        fixture.change_and_verify(&with(tags));
    }
    assert_eq!(fixture.terraform.state(SNAPSHOT)["tags"], json!({ "b": "2", "c": "" }));
    let arn = fixture.terraform.text(SNAPSHOT, "arn");
    fixture.control(|aws| aws.set_tag(&arn, "by", "hand"));
    fixture.terraform.plan().assert_update(SNAPSHOT, &["tags", "tags_all"]);
    fixture.apply_and_verify();
    assert!(done(&fixture, "CreateServerlessCacheSnapshot").is_empty());
}

#[test]
fn another_name_is_another_snapshot() {
    let fixture = applied(&snapshot_of_cache(""));
    let other = snapshot_of_cache("").replace(r#""before""#, r#""after""#);
    fixture.terraform.configure(&other);
    let plan = fixture.terraform.plan();
    plan.assert_replace(SNAPSHOT, &["name"]);
    assert!(words(&plan.diagnostics).contains("Snapshot will be replaced"), "{}", words(&plan.diagnostics));
    fixture.apply_and_verify();
    assert_eq!(writes(&fixture.aws), ["DeleteServerlessCacheSnapshot", "CreateServerlessCacheSnapshot"]);
    fixture.terraform.configure(&other.replace(r#""after""#, r#""AFTER""#));
    fixture.terraform.assert_unchanged();
}

#[test]
fn a_snapshot_is_retained_when_destroy_is_skipped() {
    let fixture = applied(&snapshot_of_cache("skip_destroy = true"));
    fixture.terraform.destroy();
    assert_eq!(writes(&fixture.aws), ["DeleteServerlessCache"]);
    assert_eq!(fixture.control(|aws| aws.serverless_snapshots()), ["before"]);
    let said = failure(&fixture);
    assert!(said.contains("ServerlessCacheSnapshotAlreadyExistsFault"), "{said}");
    assert!(said.contains("terraform import elasticache_serverless_cache_snapshot.NAME before"), "{said}");
}

/// The cache is in the middle of a change; AWS takes the snapshot after it.
#[test]
fn a_busy_cache_is_waited_for() {
    let fixture = Fixture::new(&cache(""));
    fixture.apply_and_verify();
    fixture.durations(|all| all.settings = 900_000);
    fixture.other_client("ModifyServerlessCache", "ServerlessCacheName=cache DailySnapshotTime=09:00");
    fixture.terraform.configure(&(cache("") + &snapshot(r#"serverless_cache_name = "cache""#)));
    fixture.terraform.run(&["apply", "-auto-approve", "-refresh=false", "-target", SNAPSHOT]).succeeds();
    let tries = fixture.aws.calls("elasticache", "CreateServerlessCacheSnapshot");
    assert!(tries.iter().any(|call| call.code().is_some()), "{tries:?}");
    assert_eq!(done(&fixture, "CreateServerlessCacheSnapshot").len(), 1);
}

/// A snapshot and a change of the cache in one apply wait for each other.
#[test]
fn a_snapshot_and_a_change_of_the_cache_are_applied_together() {
    let fixture = Fixture::new(&cache(""));
    fixture.apply_and_verify();
    fixture.aws.clock().set_per_call(Duration::from_secs(20));
    fixture.durations(|all| all.snapshot = 60_000);
    fixture
        .terraform
        .configure(&(cache(r#"description = "New""#) + &snapshot(r#"serverless_cache_name = "cache""#)));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}

/// Every call of a life hit once by the fault.
#[track_caller]
fn survives(fault: &InjectedFault) {
    const SOURCE: Seed =
        ("eu-west-1", "elasticache", "CreateServerlessCache", "ServerlessCacheName=cache Engine=valkey");
    let mut driver = Driver::new(&[SOURCE, WAIT]);
    let [mut snapshot, mut copy] = ["elasticache_serverless_cache_snapshot"; 2].map(Object::new);
    let mut config = json!({ "name": "before", "serverless_cache_name": "cache", "tags": { "a": "1" } });
    let actions = ["CreateServerlessCacheSnapshot", "DescribeServerlessCacheSnapshots"];
    driver.hit("elasticache", &actions, fault);
    snapshot.apply(&mut driver, &config);
    assert_eq!(driver.names("DescribeServerlessCacheSnapshots"), ["before"]);
    snapshot.assert_settled(&mut driver);
    driver.hit("elasticache", &["CopyServerlessCacheSnapshot", "AddTagsToResource"], fault);
    config["tags"]["a"] = json!("2");
    snapshot.apply_and_verify(&mut driver, &config);
    copy.apply_and_verify(&mut driver, &json!({ "name": "copy", "source_snapshot_name": "before" }));
    assert_eq!(driver.names("DescribeServerlessCacheSnapshots"), ["before", "copy"]);
    driver.hit("elasticache", &["ExportServerlessCacheSnapshot"], fault);
    config["s3_bucket_name"] = json!("backups");
    snapshot.apply_and_verify(&mut driver, &config);
    driver.hit("elasticache", &["DeleteServerlessCacheSnapshot"], fault);
    copy.destroy(&mut driver);
    snapshot.destroy(&mut driver);
    assert_eq!(driver.aws.pending_faults(), 0);
    assert_eq!(driver.names("DescribeServerlessCacheSnapshots"), [""; 0]);
}

each_fault! { survives:
    throttling_in_every_step => InjectedFault::Throttle,
    a_gateway_that_answers_html_in_every_step => InjectedFault::BadGateway,
    an_answer_lost_in_every_step => InjectedFault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => InjectedFault::CutBody(0.5),
    an_answer_cut_short_in_every_step => InjectedFault::TruncatedBody(0.5),
}

/// One that existed before is not adopted, whatever was lost on the way.
#[test]
fn an_existing_snapshot_is_not_adopted() {
    let fixture = instant(&cache(""));
    fixture.apply_and_verify();
    fixture.other_client(
        "CreateServerlessCacheSnapshot",
        "ServerlessCacheSnapshotName=before ServerlessCacheName=cache",
    );
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.terraform.configure(&snapshot_of_cache(""));
    fixture
        .aws
        .fault(on("elasticache", "CreateServerlessCacheSnapshot"), InjectedFault::AppliedButResponseLost);
    let said = failure(&fixture);
    assert!(said.contains("ServerlessCacheSnapshotAlreadyExistsFault"), "{said}");
    assert_eq!(fixture.terraform.state(SNAPSHOT), Value::Null);
}

#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let fixture = applied(&snapshot_of_cache(""));
    for part in [0.05, 0.3, 0.6, 0.95] {
        fixture
            .aws
            .fault(on("elasticache", "DescribeServerlessCacheSnapshots"), InjectedFault::TruncatedBody(part));
        let run = fixture.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
        assert!(run.code != Some(2), "cut at {part}: {run}");
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
    fixture.terraform.plan().assert_empty();
}

/// Ctrl-C while AWS takes the snapshot: it is in the state, and the next apply takes it again. `skip_destroy` retains
/// completed snapshots only.
#[test]
fn an_interrupted_create_is_not_forgotten() {
    let fixture = instant(&cache(""));
    fixture.apply_and_verify();
    fixture.durations(|all| all.snapshot = 600_000);
    fixture.aws.clock().set_per_call(Duration::ZERO);
    fixture.terraform.configure(&snapshot_of_cache("skip_destroy = true"));
    let apply = fixture.terraform.start(&["apply", "-json", "-auto-approve"]);
    until_called(&fixture, "elasticache", "DescribeServerlessCacheSnapshots", 2);
    apply.interrupt();
    apply.finish().fails();
    assert_eq!(fixture.terraform.text(SNAPSHOT, "id"), "before");
    fixture.aws.clock().set_per_call(Duration::from_secs(300));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.apply_and_verify();
    assert_eq!(fixture.control(|aws| aws.serverless_snapshots()), ["before"]);
}

#[test]
fn an_import_accepts_the_name_and_the_arn() {
    let fixture = applied(&snapshot_of_cache(""));
    let other = "arn:aws:elasticache:eu-west-1:123456789012:snapshot:before";
    fixture.terraform.run(&["state", "rm", SNAPSHOT]).succeeds();
    let run = fixture.terraform.run(&["import", "-no-color", SNAPSHOT, other]).fails();
    assert!(run.stderr.contains("Invalid import ID"), "{run}");
    for id in ["arn:aws:elasticache:eu-west-1:123456789012:serverlesscachesnapshot:before", "before"] {
        fixture.terraform.run(&["import", SNAPSHOT, id]).succeeds();
        assert_eq!(fixture.terraform.text(SNAPSHOT, "id"), "before");
        fixture.terraform.assert_settled();
        fixture.terraform.run(&["state", "rm", SNAPSHOT]).succeeds();
    }
}

/// A cache and the snapshot that another one is restored from, in one configuration.
#[test]
fn a_second_cache_is_restored_from_a_snapshot_of_the_first() {
    let second = r#"resource "elasticache_serverless_cache" "second" {
  name = "second"
  engine = "valkey"
  snapshot_arns_to_restore = [elasticache_serverless_cache_snapshot.this.arn]
}
"#;
    let fixture = Fixture::new(&(snapshot_of_cache("") + second));
    fixture.apply_and_verify();
    let created = done(&fixture, "CreateServerlessCache");
    let restored: Vec<bool> =
        created.iter().map(|call| call.parameter("SnapshotArnsToRestore.SnapshotArn.1").is_some()).collect();
    assert_eq!(restored, [false, true]);
    assert_eq!(fixture.terraform.text(CACHE, "status"), "available");
    fixture.terraform.destroy();
    assert!(fixture.control(|aws| aws.serverless_snapshots()).is_empty());
}
