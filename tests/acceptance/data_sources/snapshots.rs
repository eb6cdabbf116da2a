//! Finding snapshots, and groups that come back from what was found.

use std::time::Duration;

use serde_json::json;

use crate::aws_control::instant;
use crate::aws_control::words;
use crate::fixture::Fixture;
use crate::hcl::small_group;
use crate::simulator::Call;

const LAST: &str = "data.elasticache_snapshot.last";
const ALL: &str = "data.elasticache_snapshots.all";

/// Asks for one snapshot.
fn last(arguments: &str) -> String {
    format!(
        r#"data "elasticache_snapshot" "last" {{
  {arguments}
}}
"#
    )
}

/// Asks for snapshots.
fn all(arguments: &str) -> String {
    format!(
        r#"data "elasticache_snapshots" "all" {{
  {arguments}
}}
"#
    )
}

fn cache() -> String {
    small_group("num_cache_clusters = 1\nsnapshot_retention_limit = 3")
}

/// Two snapshots of the group by hand an hour apart, one of its node, and a daily one.
fn fixture() -> Fixture {
    let fixture = instant(&cache());
    fixture.apply_and_verify();
    for (name, of) in [
        ("first", "ReplicationGroupId=cache"),
        ("second", "ReplicationGroupId=cache"),
        ("node", "CacheClusterId=cache-001"),
    ] {
        fixture.other_client("CreateSnapshot", &format!("SnapshotName={name} {of}"));
        fixture.aws.clock().advance(Duration::from_secs(3600));
    }
    assert!(fixture.control(|aws| aws.automatic_snapshot("cache")));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture
}

/// The names that a listing with these arguments gives.
fn names(fixture: &Fixture, arguments: &str) -> Vec<String> {
    fixture.terraform.configure(&(cache() + &all(arguments)));
    fixture.terraform.apply();
    let state = fixture.terraform.state(ALL);
    let names = state["names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
    names.collect()
}

#[test]
fn snapshots_are_listed_newest_first() {
    let fixture = fixture();
    let every = names(&fixture, "");
    assert!(every[0].starts_with("automatic.cache-"), "{every:?}");
    assert_eq!(every[1..], ["node", "second", "first"]);
    assert_eq!(
        names(
            &fixture,
            r#"replication_group_id = "cache"
snapshot_source = "manual""#
        ),
        ["second", "first"]
    );
    assert_eq!(names(&fixture, r#"snapshot_source = "automated""#), every[..1]);
    // The daily one is of the node too.
    assert_eq!(names(&fixture, r#"cache_cluster_id = "cache-001""#), every[..2]);
    assert_eq!(names(&fixture, r#"replication_group_id = "other""#), [""; 0]);
    let of_second = fixture.terraform.state(ALL);
    assert_eq!(of_second["snapshots"], json!([]));
    names(&fixture, "");
    let state = fixture.terraform.state(ALL);
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
    assert_eq!(names(&fixture, &between), ["second"]);
    fixture.terraform.assert_unchanged();
}

#[test]
fn the_most_recent_one_of_a_group() {
    let fixture = fixture();
    let requested = r#"replication_group_id = "cache"
snapshot_source = "manual""#;
    fixture.terraform.configure(&(cache() + &last(requested)));
    let said = words(&fixture.terraform.plan_fails());
    assert!(
        said.contains("Several snapshots match") && said.contains("newest first: second, first"),
        "{said}"
    );
    fixture.terraform.configure(&(cache() + &last(&format!("{requested}\nmost_recent = true"))));
    fixture.terraform.apply();
    assert_eq!(fixture.terraform.text(LAST, "name"), "second");
    fixture.terraform.assert_unchanged();
    fixture.terraform.configure(&(cache() + &last(r#"name = "FIRST""#)));
    fixture.terraform.apply();
    assert_eq!(fixture.terraform.text(LAST, "id"), "first");
    fixture.terraform.configure(&(cache() + &last(r#"name = "third""#)));
    let said = words(&fixture.terraform.plan_fails());
    assert!(said.contains(r#"AWS has no snapshot named "third""#), "{said}");
}

/// The cache is destroyed, and comes back from its last snapshot, whose name nobody has to know.
#[test]
fn a_destroyed_group_comes_back_from_the_last_snapshot_there_is() {
    let with = |more: &str| {
        small_group(&format!(
            r#"num_cache_clusters = 2
final_snapshot_identifier = "final-of-today"
{more}"#
        ))
    };
    let fixture = Fixture::new(&with(""));
    fixture.apply_and_verify();
    fixture.terraform.destroy();
    fixture.aws.record().clear();
    let found = last(
        r#"replication_group_id = "cache"
most_recent = true"#,
    );
    fixture.change_and_verify(&(found + &with("snapshot_name = data.elasticache_snapshot.last.name")));
    let created: Vec<Call> = fixture
        .aws
        .calls("elasticache", "CreateReplicationGroup")
        .into_iter()
        .filter(Call::is_done)
        .collect();
    assert_eq!(created.len(), 1);
    assert_eq!(created[0].parameter("SnapshotName").as_deref(), Some("final-of-today"));
}
