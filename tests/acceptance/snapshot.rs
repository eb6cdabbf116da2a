//! Snapshots, and groups that are filled from them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::aws_control::instant;
use crate::aws_control::{failure, until_called, words, writes_to};
use crate::chaos::driver::Driver;
use crate::chaos::object::Object;
use crate::chaos::subjects;
use crate::fixture::Fixture;
use crate::hcl::{GROUP, small_group};
use crate::simulator::{Call, InjectedFault, on};

const THIS: &str = "elasticache_snapshot.this";

/// A snapshot `before` with these arguments.
fn snapshot(arguments: &str) -> String {
    format!(
        r#"resource "elasticache_snapshot" "this" {{
  name = "before"
  {arguments}
}}
"#
    )
}

/// A group of two nodes.
fn cache() -> String {
    small_group("num_cache_clusters = 2")
}

/// The group and a snapshot of it, with these arguments too.
fn of_group(arguments: &str) -> String {
    cache() + &snapshot(&format!("replication_group_id = elasticache_replication_group.this.id\n{arguments}"))
}

fn applied(configuration: &str) -> Fixture {
    let fixture = instant(configuration);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture
}

/// The done calls of an action since the record was cleared.
fn done(fixture: &Fixture, action: &str) -> Vec<Call> {
    fixture.aws.calls("elasticache", action).into_iter().filter(Call::is_done).collect()
}

#[test]
fn of_a_group_it_has_what_the_group_was() {
    let fixture = applied(&of_group(r#"tags = { team = "cache" }"#));
    let state = fixture.terraform.state(THIS);
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
    fixture.terraform.destroy();
    assert_eq!(writes_to(&fixture, "elasticache"), ["DeleteSnapshot", "DeleteReplicationGroup"]);
}

#[test]
fn of_shards_there_is_data_of_each() {
    let sharded =
        small_group("num_node_groups = 3\nreplicas_per_node_group = 1\nautomatic_failover_enabled = true");
    let fixture =
        applied(&(sharded + &snapshot("replication_group_id = elasticache_replication_group.this.id")));
    let state = fixture.terraform.state(THIS);
    assert_eq!(state["num_node_groups"], 3);
    let nodes = state["node_snapshots"].as_array().unwrap();
    let shards: Vec<&str> = nodes.iter().map(|node| node["node_group_id"].as_str().unwrap()).collect();
    assert_eq!(shards, ["0001", "0002", "0003"]);
    assert!(
        nodes.iter().all(|node| node["slots"].as_str().is_some_and(|slots| slots.contains('-'))),
        "{nodes:?}"
    );
    assert_eq!(
        (&state["replication_group_description"], &state["notification_topic_arn"]),
        (&json!("of a test"), &Value::Null)
    );
}

/// A replica gives the data, so that the primary is spared.
#[test]
fn of_one_node() {
    let node = "cache_cluster_id = elasticache_replication_group.this.member_clusters[1]";
    let fixture = applied(&(cache() + &snapshot(node)));
    let state = fixture.terraform.state(THIS);
    assert_eq!(
        (&state["cache_cluster_id"], &state["replication_group_id"]),
        (&json!("cache-002"), &json!(""))
    );
    assert_eq!(state["num_cache_nodes"], 1);
}

/// A daily snapshot, which AWS deletes in time, is kept by a copy of it.
#[test]
fn a_copy_of_a_daily_snapshot() {
    let fixture = instant(&small_group("num_cache_clusters = 1\nsnapshot_retention_limit = 1"));
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.automatic_snapshot("cache")));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    let all = fixture.control(|aws| aws.snapshots());
    let daily = all.iter().find(|name| name.starts_with("automatic.cache-")).unwrap();
    let copy = snapshot(&format!(
        r#"source_snapshot_name = {daily:?}
tags = {{ kept = "yes" }}"#
    ));
    fixture.change_and_verify(&(small_group("num_cache_clusters = 1\nsnapshot_retention_limit = 1") + &copy));
    let state = fixture.terraform.state(THIS);
    assert_eq!(state["snapshot_source"], "manual");
    // AWS takes daily snapshots of a group without cluster mode from one of its nodes.
    assert_eq!(state["cache_cluster_id"], "cache-001");
    assert_eq!(state["replication_group_id"], "");
    assert_eq!(done(&fixture, "CopySnapshot").len(), 1);
    // The copy outlives what it is a copy of.
    fixture.other_client("DeleteSnapshot", &format!("SnapshotName={daily}"));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.terraform.assert_unchanged();
}

/// Files in a bucket are S3's: nothing to read, nothing to delete.
#[test]
fn a_copy_into_a_bucket() {
    let with = |more: &str| of_group("") + more;
    let export = r#"resource "elasticache_snapshot" "export" {
  name = "export"
  source_snapshot_name = elasticache_snapshot.this.name
  target_bucket = "backups"
}
"#;
    let fixture = applied(&with(""));
    fixture.terraform.configure(&with(export));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let call = &done(&fixture, "CopySnapshot")[0];
    assert_eq!(call.parameter("TargetBucket").as_deref(), Some("backups"));
    let state = fixture.terraform.state("elasticache_snapshot.export");
    assert_eq!((&state["arn"], &state["engine"]), (&Value::Null, &json!("redis")));
    fixture.terraform.configure(&with(""));
    let plan = fixture.terraform.plan();
    assert!(words(&plan.diagnostics).contains("Exported files are not deleted"));
    fixture.terraform.apply();
    assert!(done(&fixture, "DeleteSnapshot").is_empty());
}

#[test]
fn disappears() {
    let fixture = applied(&of_group(""));
    fixture.other_client("DeleteSnapshot", "SnapshotName=before");
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.terraform.plan().assert_create(THIS);
    fixture.apply_and_verify();
    fixture.other_client("DeleteSnapshot", "SnapshotName=before");
    fixture.aws.clock().advance(Duration::from_secs(3600));
    let destroy = ["destroy", "-auto-approve", "-refresh=false", "-target", THIS];
    fixture.terraform.run(&destroy).succeeds();
}

#[test]
fn tags() {
    let with = |tags: &str| of_group(&format!("tags = {{ {tags} }}"));
    let fixture = applied(&of_group(""));
    for tags in [r#"a = "1""#, r#"a = "2", b = "1""#, r#"b = "2", c = """#] {
        fixture.change_and_verify(&with(tags));
    }
    assert_eq!(fixture.terraform.state(THIS)["tags"], json!({ "b": "2", "c": "" }));
    let arn = fixture.terraform.text(THIS, "arn");
    fixture.control(|aws| aws.set_tag(&arn, "by", "hand"));
    fixture.terraform.plan().assert_update(THIS, &["tags", "tags_all"]);
    fixture.apply_and_verify();
    assert!(done(&fixture, "CreateSnapshot").is_empty());
}

/// A snapshot is of its moment: another name or origin is another one, which the plan says.
#[test]
fn another_name_is_another_snapshot() {
    let fixture = applied(&of_group(""));
    let other = of_group("").replace(r#""before""#, r#""after""#);
    fixture.terraform.configure(&other);
    let plan = fixture.terraform.plan();
    plan.assert_replace(THIS, &["name"]);
    assert!(words(&plan.diagnostics).contains("the old one is deleted"), "{}", words(&plan.diagnostics));
    fixture.apply_and_verify();
    assert_eq!(writes_to(&fixture, "elasticache"), ["DeleteSnapshot", "CreateSnapshot"]);
    // Capitals make no other name.
    fixture.terraform.configure(&other.replace(r#""after""#, r#""AFTER""#));
    fixture.terraform.assert_unchanged();
}

#[test]
fn it_stays_when_destroy_is_skipped() {
    let fixture = applied(&of_group("skip_destroy = true"));
    fixture.terraform.destroy();
    assert_eq!(writes_to(&fixture, "elasticache"), ["DeleteReplicationGroup"]);
    assert_eq!(fixture.control(|aws| aws.snapshots()), ["before"]);
    // Another one of that name cannot be made; the message names the way to it.
    let said = failure(&fixture);
    assert!(said.contains("SnapshotAlreadyExistsFault"), "{said}");
    assert!(said.contains("terraform import elasticache_snapshot.NAME before"), "{said}");
}

/// The group is in the middle of a change; AWS takes the snapshot after it.
#[test]
fn a_busy_group_is_waited_for() {
    let fixture = Fixture::new(&cache());
    fixture.apply_and_verify();
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.modify = 900_000));
    fixture.other_client(
        "ModifyReplicationGroup",
        "ReplicationGroupId=cache ApplyImmediately=true CacheNodeType=cache.t4g.medium",
    );
    fixture.terraform.configure(&(cache() + &snapshot(r#"replication_group_id = "cache""#)));
    fixture.terraform.run(&["apply", "-auto-approve", "-refresh=false", "-target", THIS]).succeeds();
    let tries = fixture.aws.calls("elasticache", "CreateSnapshot");
    assert!(tries.iter().any(|call| call.code().is_some()), "{tries:?}");
    assert_eq!(done(&fixture, "CreateSnapshot").len(), 1);
}

/// Deletion waits while something is made from the snapshot.
#[test]
fn a_snapshot_in_use_is_deleted_once_it_is_free() {
    let fixture = Fixture::new(&of_group(""));
    fixture.apply_and_verify();
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.create = 7_200_000));
    fixture.other_client(
        "CreateReplicationGroup",
        "ReplicationGroupId=other ReplicationGroupDescription=other CacheNodeType=cache.t4g.small \
         SnapshotName=before",
    );
    fixture.aws.record().clear();
    fixture.terraform.run(&["destroy", "-auto-approve", "-target", THIS]).succeeds();
    let tries = fixture.aws.calls("elasticache", "DeleteSnapshot");
    assert!(tries.iter().any(|call| call.code() == Some("InvalidSnapshotState")), "{tries:?}");
    assert!(tries.last().is_some_and(Call::is_done));
}

/// Every call of a life hit once by the fault.
#[track_caller]
fn survives(fault: &InjectedFault) {
    let mut driver = Driver::new(&[subjects::GROUP, subjects::WAIT]);
    let [mut snapshot, mut copy] = ["elasticache_snapshot"; 2].map(Object::new);
    let config =
        |tag: &str| json!({ "name": "before", "replication_group_id": "stack", "tags": { "a": tag } });
    driver.hit("elasticache", &["CreateSnapshot", "DescribeSnapshots"], fault);
    snapshot.apply(&mut driver, &config("1"));
    assert_eq!(driver.names("DescribeSnapshots"), ["before"]);
    snapshot.assert_settled(&mut driver);
    driver.hit("elasticache", &["CopySnapshot", "AddTagsToResource"], fault);
    snapshot.apply_and_verify(&mut driver, &config("2"));
    copy.apply_and_verify(&mut driver, &json!({ "name": "copy", "source_snapshot_name": "before" }));
    assert_eq!(driver.names("DescribeSnapshots"), ["before", "copy"]);
    driver.hit("elasticache", &["DeleteSnapshot"], fault);
    copy.destroy(&mut driver);
    snapshot.destroy(&mut driver);
    assert_eq!(driver.aws.pending_faults(), 0);
    assert_eq!(driver.names("DescribeSnapshots"), [""; 0]);
}

each_fault! { survives:
    throttling_in_every_step => InjectedFault::Throttle,
    a_gateway_that_answers_html_in_every_step => InjectedFault::BadGateway,
    an_answer_lost_in_every_step => InjectedFault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => InjectedFault::CutBody(0.5),
    an_answer_cut_short_in_every_step => InjectedFault::TruncatedBody(0.5),
}

/// One that was there before is not taken over, whatever was lost on the way.
#[test]
fn a_snapshot_of_somebody_else_is_not_taken_over() {
    let fixture = instant(&cache());
    fixture.apply_and_verify();
    fixture.other_client("CreateSnapshot", "SnapshotName=before ReplicationGroupId=cache");
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.terraform.configure(&of_group(""));
    fixture.aws.fault(on("elasticache", "CreateSnapshot"), InjectedFault::AppliedButResponseLost);
    let said = failure(&fixture);
    assert!(said.contains("SnapshotAlreadyExistsFault"), "{said}");
    assert_eq!(fixture.terraform.state(THIS), Value::Null);
}

#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let fixture = applied(&of_group(""));
    for part in [0.05, 0.3, 0.6, 0.95] {
        fixture.aws.fault(on("elasticache", "DescribeSnapshots"), InjectedFault::TruncatedBody(part));
        let run = fixture.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
        assert!(run.code != Some(2), "cut at {part}: {run}");
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
    fixture.terraform.plan().assert_empty();
}

/// Ctrl-C while AWS takes the snapshot: it is in the state, and the next apply takes it anew. `skip_destroy` keeps
/// completed snapshots only.
#[test]
fn an_interrupted_create_is_not_forgotten() {
    let fixture = instant(&cache());
    fixture.apply_and_verify();
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.snapshot = 600_000));
    fixture.aws.clock().set_per_call(Duration::ZERO);
    fixture.terraform.configure(&of_group("skip_destroy = true"));
    let apply = fixture.terraform.start(&["apply", "-json", "-auto-approve"]);
    until_called(&fixture, "elasticache", "DescribeSnapshots", 2);
    apply.interrupt();
    apply.finish().fails();
    assert_eq!(fixture.terraform.text(THIS, "id"), "before");
    fixture.aws.clock().set_per_call(Duration::from_secs(300));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.apply_and_verify();
    assert_eq!(fixture.control(|aws| aws.snapshots()), ["before"]);
}

#[test]
fn an_import_takes_the_name_or_the_arn() {
    let fixture = applied(&of_group(""));
    let other = "arn:aws:elasticache:eu-west-1:123456789012:user:before";
    fixture.terraform.run(&["state", "rm", THIS]).succeeds();
    let run = fixture.terraform.run(&["import", "-no-color", THIS, other]).fails();
    assert!(run.stderr.contains("Invalid import ID"), "{run}");
    for id in ["arn:aws:elasticache:eu-west-1:123456789012:snapshot:before", "before"] {
        fixture.terraform.run(&["import", THIS, id]).succeeds();
        assert_eq!(fixture.terraform.text(THIS, "id"), "before");
        fixture.terraform.assert_settled();
        fixture.terraform.run(&["state", "rm", THIS]).succeeds();
    }
}

/// The snapshots that groups were created from, in order.
fn restored_from(fixture: &Fixture) -> Vec<Option<String>> {
    done(fixture, "CreateReplicationGroup").iter().map(|call| call.parameter("SnapshotName")).collect()
}

/// The cache is destroyed with a final snapshot, and comes back from it in one apply.
#[test]
fn a_destroyed_group_comes_back_from_its_final_snapshot() {
    let with = |more: &str| {
        small_group(&format!(
            r#"num_cache_clusters = 2
final_snapshot_identifier = "last"
{more}"#
        ))
    };
    let fixture = Fixture::new(&with(""));
    fixture.apply_and_verify();
    fixture.terraform.destroy();
    assert_eq!(fixture.control(|aws| aws.snapshots()), ["last"]);
    fixture.change_and_verify(&with(r#"snapshot_name = "last""#));
    assert_eq!(restored_from(&fixture), [None, Some("last".to_owned())]);
    assert_eq!(fixture.terraform.text(GROUP, "status"), "available");
}

/// A change that needs another group carries the data over, in one apply: the old group goes with a
/// final snapshot, and the new one is made from it.
#[test]
fn a_replacement_carries_the_data_over() {
    let with = |more: &str| {
        small_group(&format!(
            r#"num_cache_clusters = 2
final_snapshot_identifier = "carry"
{more}"#
        ))
    };
    let fixture = Fixture::new(&with("at_rest_encryption_enabled = false"));
    fixture.apply_and_verify();
    fixture.change_and_verify(&with(
        r#"at_rest_encryption_enabled = true
snapshot_name = "carry""#,
    ));
    assert_eq!(restored_from(&fixture), [None, Some("carry".to_owned())]);
    assert_eq!(fixture.terraform.state(GROUP)["at_rest_encryption_enabled"], true);
}

/// A group and the snapshot it is filled from in one configuration: the snapshot of one group, the
/// other group from it.
#[test]
fn a_second_group_is_filled_from_a_snapshot_of_the_first() {
    let second = r#"resource "elasticache_replication_group" "second" {
  replication_group_id = "second"
  description = "from the first"
  node_type = "cache.t4g.small"
  num_cache_clusters = 1
  snapshot_name = elasticache_snapshot.this.name
}
"#;
    let fixture = Fixture::new(&(of_group("") + second));
    fixture.apply_and_verify();
    assert_eq!(restored_from(&fixture), [None, Some("before".to_owned())]);
    fixture.terraform.destroy();
    assert!(fixture.control(|aws| aws.snapshots()).is_empty());
}
