//! Replication groups that are created from snapshots of serverless caches.

use super::parts::{SNAPSHOT, snapshot_of_cache};
use crate::aws_control::{failure, instant, writes};
use crate::hcl::{GROUP, group};

/// Cache, snapshot, and a replication group with these lines.
fn restored(lines: &str) -> String {
    let lines = format!(
        r#"engine = "valkey"
node_type = "cache.t4g.small"
num_cache_clusters = 1
{lines}"#
    );
    snapshot_of_cache("") + &group("restored", &lines)
}

#[test]
fn a_group_is_created_from_a_snapshot_of_a_serverless_cache() {
    let fixture = instant(&restored(&format!("serverless_cache_snapshot_name = upper({SNAPSHOT}.name)")));
    fixture.apply_and_verify();
    let created = fixture.aws.calls("elasticache", "CreateReplicationGroup").remove(0);
    assert_eq!(created.parameter("ServerlessCacheSnapshotName").as_deref(), Some("before"));
    assert_eq!(fixture.group()["serverless_cache_snapshot_name"], "BEFORE");

    // Another snapshot forces a new resource; without the argument the group keeps its data.
    fixture.terraform.configure(&restored(r#"serverless_cache_snapshot_name = "another""#));
    fixture.terraform.plan().assert_replace(GROUP, &["serverless_cache_snapshot_name"]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&restored(""));
    assert_eq!(writes(&fixture.aws), [""; 0]);

    fixture.terraform.destroy();
    let deleted = writes(&fixture.aws);
    assert!(deleted.contains(&"DeleteReplicationGroup".to_owned()), "{deleted:?}");
    assert!(deleted.contains(&"DeleteServerlessCacheSnapshot".to_owned()), "{deleted:?}");
}

#[test]
fn a_missing_snapshot_is_an_error_at_its_argument() {
    let fixture = instant(&restored(r#"serverless_cache_snapshot_name = "missing""#));
    let said = failure(&fixture);
    assert!(said.contains("ServerlessCacheSnapshotNotFoundFault"), "{said}");
    assert!(said.contains(r#"serverless_cache_snapshot_name = "missing""#), "{said}");
}

#[test]
fn two_sources_of_data_are_refused() {
    let both = r#"serverless_cache_snapshot_name = "before"
snapshot_name = "before""#;
    let fixture = instant(&restored(both));
    let said = fixture.terraform.plan_fails();
    let said: String = said.iter().map(|diagnostic| format!("{diagnostic}\n")).collect();
    let expected = "`serverless_cache_snapshot_name` and `snapshot_name` cannot be set together";
    assert!(said.contains(expected), "{said}");
}
