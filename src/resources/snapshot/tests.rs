//! The snapshot against canned answers.

use super::Snapshot;
use crate::engine::AnyResource;
use crate::testing::aws::{Call, FakeAws, config, problems, text_map};
use crate::value::Value;

fn observed(status: &str) -> String {
    format!(
        "<SnapshotName>before</SnapshotName><ReplicationGroupId>cache</ReplicationGroupId>\
         <SnapshotStatus>{status}</SnapshotStatus><SnapshotSource>manual</SnapshotSource>\
         <CacheNodeType>cache.t4g.small</CacheNodeType><Engine>valkey</Engine><EngineVersion>8.0.1</EngineVersion>\
         <AutomaticFailover>enabled</AutomaticFailover><NodeSnapshots>\
         <NodeSnapshot><NodeGroupId>0002</NodeGroupId><CacheSize>7 MB</CacheSize>\
         <SnapshotCreateTime>2026-01-24T10:00:05Z</SnapshotCreateTime></NodeSnapshot>\
         <NodeSnapshot><NodeGroupId>0001</NodeGroupId><CacheSize>5 MB</CacheSize>\
         <SnapshotCreateTime>2026-01-24T10:00:03Z</SnapshotCreateTime></NodeSnapshot></NodeSnapshots>\
         <ARN>arn:aws:elasticache:us-east-1:123456789012:snapshot:before</ARN>"
    )
}

fn answers(call: &Call) -> crate::testing::aws::Answer {
    match call.operation.as_str() {
        "CreateSnapshot" | "CopySnapshot" => {
            call.xml(&format!("<Snapshot>{}</Snapshot>", observed("creating")))
        }
        "DescribeSnapshots" => {
            call.xml(&format!("<Snapshots><Snapshot>{}</Snapshot></Snapshots>", observed("available")))
        }
        "DescribeEvents" => {
            call.xml("<Events><Event><Message>Snapshot failed for lack of memory</Message></Event></Events>")
        }
        _ => call.xml(""),
    }
}

fn of_group(name: &str) -> Value {
    config(&Snapshot, [("name", name.into()), ("replication_group_id", "cache".into())])
}

#[tokio::test]
async fn create_sorts_shards_and_uses_the_time_of_the_last() {
    let aws = FakeAws::new(answers);
    let created = aws.create(&Snapshot, of_group("Before")).await;
    assert_eq!(problems(&created.diags), [""; 0]);
    assert_eq!(aws.calls()[0].param("SnapshotName"), "before");
    assert_eq!(created.state.get("name").as_str(), Some("Before"));
    assert_eq!(created.state.get("snapshot_create_time").as_str(), Some("2026-01-24T10:00:05Z"));
    let sizes: Vec<_> = created.state.get("node_snapshots").as_elements().unwrap().to_vec();
    assert_eq!(sizes[0].get("cache_size").as_str(), Some("5 MB"));
    assert_eq!(created.state.get("automatic_failover_enabled"), &Value::from(true));
    assert_eq!(aws.read(&Snapshot, &created.state).await.state, created.state);
}

#[tokio::test]
async fn key_of_an_alias_is_noted_by_the_create_and_kept_by_an_update() {
    let key = "<KmsKeyId>arn:aws:kms:us-east-1:123456789012:key/1</KmsKeyId><ARN>";
    let aws = FakeAws::new(move |call| answers(call).with("<ARN>", key));
    let encrypted = |team: &str| {
        config(
            &Snapshot,
            [
                ("name", "before".into()),
                ("replication_group_id", "cache".into()),
                ("kms_key_id", "alias/caches".into()),
                ("tags", text_map([("team", team)])),
            ],
        )
    };
    let tags = |call: &Call, team: &str| {
        call.xml(&format!("<TagList><Tag><Key>team</Key><Value>{team}</Value></Tag></TagList>"))
    };
    let created = aws.create(&Snapshot, encrypted("a")).await;
    assert_eq!(problems(&created.diags), [""; 0]);
    let tagged = |team: &'static str| {
        FakeAws::new(move |call| match call.operation.as_str() {
            "ListTagsForResource" => tags(call, team),
            _ => answers(call).with("<ARN>", key),
        })
    };
    let read = tagged("a").read_unchanged(&Snapshot, &created).await;
    assert!(!read.private.is_empty());
    let aws = tagged("b");
    let changed = aws.update_read(&Snapshot, &read, encrypted("b")).await;
    aws.read_unchanged(&Snapshot, &changed).await;
}

#[tokio::test(start_paused = true)]
async fn snapshot_that_disappears_during_create_is_reported_with_events() {
    let mut polls = 0;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeSnapshots" => {
            polls += 1;
            match polls {
                2 => {
                    call.xml(&format!("<Snapshots><Snapshot>{}</Snapshot></Snapshots>", observed("creating")))
                }
                _ => call.error("SnapshotNotFoundFault", "There is none."),
            }
        }
        _ => answers(call),
    });
    let created = aws.create(&Snapshot, of_group("before")).await;
    let found = problems(&created.diags);
    assert!(found[0].contains("AWS gave it up") && found[0].contains("lack of memory"), "{found:?}");
    // The state has the object whose create AWS accepted.
    assert_eq!(created.state.get("id").as_str(), Some("before"));
}

/// `skip_destroy` would otherwise leave the snapshot behind, and the next create fails for its name.
#[tokio::test(start_paused = true)]
async fn unfinished_snapshot_is_deleted_whatever_skip_destroy_says() {
    let mut is_deleted = false;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteSnapshot" => {
            is_deleted = true;
            call.xml("")
        }
        "DescribeSnapshots" if is_deleted => call.error("SnapshotNotFoundFault", "There is none."),
        "DescribeSnapshots" => {
            call.xml(&format!("<Snapshots><Snapshot>{}</Snapshot></Snapshots>", observed("creating")))
        }
        _ => answers(call),
    });
    let config = config(
        &Snapshot,
        [
            ("name", "before".into()),
            ("replication_group_id", "cache".into()),
            ("skip_destroy", true.into()),
            ("timeouts", Value::map([("create", Value::from("10s"))])),
        ],
    );
    let interrupted = aws.create(&Snapshot, config).await;
    let found = problems(&interrupted.diags);
    assert!(
        found[0].contains("terraform untaint ADDRESS") && found[0].contains("takes effect again"),
        "{found:?}"
    );
    let read = aws.read(&Snapshot, &interrupted.state).await;
    aws.calls();
    assert_eq!(problems(&aws.delete(&Snapshot, &read.state).await.diags), [""; 0]);
    assert_eq!(aws.operations(), ["DeleteSnapshot", "DescribeSnapshots"]);
}

#[tokio::test]
async fn exported_snapshot_is_not_read_or_deleted() {
    let aws = FakeAws::new(answers);
    let copy = config(
        &Snapshot,
        [
            ("name", "export".into()),
            ("source_snapshot_name", "before".into()),
            ("target_bucket", "backups".into()),
        ],
    );
    let created = aws.create(&Snapshot, copy).await;
    assert_eq!(problems(&created.diags), [""; 0]);
    let calls = aws.calls();
    assert_eq!((calls[0].operation.as_str(), calls[0].param("TargetBucket")), ("CopySnapshot", "backups"));
    assert_eq!(calls[1].param("SnapshotName"), "before");
    assert_eq!(created.state.get("arn"), &Value::Null);
    assert_eq!(created.state.get("engine").as_str(), Some("valkey"));
    assert_eq!(aws.read(&Snapshot, &created.state).await.state, created.state);
    assert_eq!(problems(&aws.delete(&Snapshot, &created.state).await.diags), [""; 0]);
    assert_eq!(aws.operations(), [""; 0]);
}

#[test]
fn validate_requires_exactly_one_source() {
    let of = |entries: [(&str, Value); 3]| problems(&Snapshot.validate(&config(&Snapshot, entries)));
    let found = of([("name", "a".into()), ("replication_group_id", "".into()), ("kms_key_id", "".into())]);
    assert!(found[0].contains("Set one of"), "{found:?}");
    let found =
        of([("name", "a".into()), ("replication_group_id", "b".into()), ("cache_cluster_id", "c".into())]);
    assert!(found[0].starts_with("cache_cluster_id: Conflicting sources"), "{found:?}");
    let found =
        of([("name", "a".into()), ("replication_group_id", Value::Unknown), ("cache_cluster_id", "".into())]);
    assert_eq!(found, [""; 0]);
}

#[tokio::test]
async fn plan_warns_of_the_loss_of_data_by_a_replacement() {
    let aws = FakeAws::new(answers);
    let state = aws.create(&Snapshot, of_group("before")).await.state;
    let found = problems(&aws.plan(&Snapshot, &state, &of_group("after")).diags);
    assert!(found[0].contains("the old one is deleted"), "{found:?}");
    // Case is ignored.
    let plan = aws.plan(&Snapshot, &state, &of_group("BEFORE"));
    assert!(plan.replace.is_empty() && problems(&plan.diags).is_empty());
}

#[tokio::test]
async fn name_with_a_prefix_is_chosen_at_the_create() {
    let name = |name: &str| format!("<SnapshotName>{name}</SnapshotName>");
    let aws =
        FakeAws::new(move |call| answers(call).with(&name("before"), &name(call.param("SnapshotName"))));
    let prefixed = |prefix: &str, group: &str, keep: bool| {
        config(
            &Snapshot,
            [
                ("name_prefix", prefix.into()),
                ("replication_group_id", group.into()),
                ("skip_destroy", keep.into()),
            ],
        )
    };
    let created = aws.create(&Snapshot, prefixed("Before-", "cache", true)).await;
    assert_eq!(problems(&created.diags), [""; 0]);
    let sent = aws.calls()[0].param("SnapshotName").to_owned();
    assert!(sent.starts_with("before-") && sent.len() == "before-".len() + 26, "{sent}");
    let mut state = created.state;
    if let Value::Map(map) = &mut state {
        map.insert("name".into(), sent.as_str().into());
        map.insert("id".into(), sent.as_str().into());
    }
    let same = aws.plan(&Snapshot, &state, &prefixed("before-", "cache", true));
    assert_eq!((same.planned == state, same.replace.len()), (true, 0));
    // A kept snapshot and its successor have different names.
    let other = aws.plan(&Snapshot, &state, &prefixed("before-", "other", true));
    assert_eq!((problems(&other.diags), other.replace.len()), (vec![], 1));
}

#[test]
fn prefix_may_end_with_a_hyphen() {
    let of = |prefix: &str| {
        problems(&Snapshot.validate(&config(
            &Snapshot,
            [("name_prefix", prefix.into()), ("replication_group_id", "cache".into())],
        )))
    };
    assert_eq!((of("before-"), of("b")), (vec![], vec![]));
    for wrong in ["before--", "-", "1a", "a_b"] {
        let found = of(wrong);
        assert!(found.len() == 1 && found[0].starts_with("name_prefix: "), "{wrong}: {found:?}");
    }
    assert!(of(&"a".repeat(230))[0].contains("at most 229 characters"));
}
