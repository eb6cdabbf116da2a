//! The snapshot against canned answers.

use super::Snapshot;
use crate::engine::AnyResource;
use crate::testing::aws::{Call, FakeAws, config, problems};
use crate::value::Value;

fn shown(status: &str) -> String {
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
        "CreateSnapshot" | "CopySnapshot" => call.xml(&format!("<Snapshot>{}</Snapshot>", shown("creating"))),
        "DescribeSnapshots" => {
            call.xml(&format!("<Snapshots><Snapshot>{}</Snapshot></Snapshots>", shown("available")))
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
async fn shards_are_in_order_and_the_time_is_that_of_the_last() {
    let aws = FakeAws::new(answers);
    let made = aws.create(&Snapshot, of_group("Before")).await;
    assert_eq!(problems(&made.diags), [""; 0]);
    assert_eq!(aws.calls()[0].param("SnapshotName"), "before");
    assert_eq!(made.state.get("name").as_str(), Some("Before"));
    assert_eq!(made.state.get("snapshot_create_time").as_str(), Some("2026-01-24T10:00:05Z"));
    let sizes: Vec<_> = made.state.get("node_snapshots").as_elements().unwrap().to_vec();
    assert_eq!(sizes[0].get("cache_size").as_str(), Some("5 MB"));
    assert_eq!(made.state.get("automatic_failover_enabled"), &Value::from(true));
    assert_eq!(aws.read(&Snapshot, &made.state).await.state, made.state);
}

#[tokio::test(start_paused = true)]
async fn one_that_vanishes_while_it_is_made_is_told_with_the_events() {
    let mut polls = 0;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeSnapshots" => {
            polls += 1;
            match polls {
                2 => call.xml(&format!("<Snapshots><Snapshot>{}</Snapshot></Snapshots>", shown("creating"))),
                _ => call.error("SnapshotNotFoundFault", "There is none."),
            }
        }
        _ => answers(call),
    });
    let made = aws.create(&Snapshot, of_group("before")).await;
    let told = problems(&made.diags);
    assert!(told[0].contains("AWS gave it up") && told[0].contains("lack of memory"), "{told:?}");
    // What was begun is in the state.
    assert_eq!(made.state.get("id").as_str(), Some("before"));
}

#[tokio::test]
async fn a_copy_into_a_bucket_is_nothing_in_elasticache() {
    let aws = FakeAws::new(answers);
    let copy = config(
        &Snapshot,
        [
            ("name", "export".into()),
            ("source_snapshot_name", "before".into()),
            ("target_bucket", "backups".into()),
        ],
    );
    let made = aws.create(&Snapshot, copy).await;
    assert_eq!(problems(&made.diags), [""; 0]);
    let calls = aws.calls();
    assert_eq!((calls[0].operation.as_str(), calls[0].param("TargetBucket")), ("CopySnapshot", "backups"));
    assert_eq!(calls[1].param("SnapshotName"), "before");
    assert_eq!(made.state.get("arn"), &Value::Null);
    assert_eq!(made.state.get("engine").as_str(), Some("valkey"));
    assert_eq!(aws.read(&Snapshot, &made.state).await.state, made.state);
    assert_eq!(problems(&aws.delete(&Snapshot, &made.state).await.diags), [""; 0]);
    assert_eq!(aws.operations(), [""; 0]);
}

#[test]
fn a_snapshot_is_of_one_thing() {
    let of = |entries: [(&str, Value); 3]| problems(&Snapshot.validate(&config(&Snapshot, entries)));
    let told = of([("name", "a".into()), ("replication_group_id", "".into()), ("kms_key_id", "".into())]);
    assert!(told[0].contains("needs one of"), "{told:?}");
    let told =
        of([("name", "a".into()), ("replication_group_id", "b".into()), ("cache_cluster_id", "c".into())]);
    assert!(told[0].starts_with("cache_cluster_id: More than one thing"), "{told:?}");
    let told =
        of([("name", "a".into()), ("replication_group_id", Value::Unknown), ("cache_cluster_id", "".into())]);
    assert_eq!(told, [""; 0]);
}

#[tokio::test]
async fn a_replacement_tells_what_is_lost() {
    let aws = FakeAws::new(answers);
    let state = aws.create(&Snapshot, of_group("before")).await.state;
    let told = problems(&aws.plan(&Snapshot, &state, &of_group("after")).diags);
    assert!(told[0].contains("the old one is deleted"), "{told:?}");
    // The same name in another case is the same snapshot.
    let plan = aws.plan(&Snapshot, &state, &of_group("BEFORE"));
    assert!(plan.replace.is_empty() && problems(&plan.diags).is_empty());
}
