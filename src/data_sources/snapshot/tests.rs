//! The data source against a canned AWS: what is chosen, and what is said when nothing can be.

use super::SnapshotData;
use crate::engine::AnyDataSource;
use crate::testing::aws::{Call, FakeAws, problems};
use crate::value::Value;

fn one(name: &str, status: &str, time: &str) -> String {
    format!(
        "<Snapshot><SnapshotName>{name}</SnapshotName><ReplicationGroupId>cache</ReplicationGroupId>\
         <SnapshotStatus>{status}</SnapshotStatus><SnapshotSource>manual</SnapshotSource>\
         <NodeSnapshots><NodeSnapshot><SnapshotCreateTime>2026-01-{time}Z</SnapshotCreateTime></NodeSnapshot>\
         </NodeSnapshots><ARN>arn:aws:elasticache:us-east-1:123456789012:snapshot:{name}</ARN></Snapshot>"
    )
}

/// Two pages, in no order; the newest is not ready.
fn aws() -> FakeAws {
    FakeAws::new(|call: &Call| match (call.operation.as_str(), call.param("Marker")) {
        ("ListTagsForResource", _) => {
            call.xml("<TagList><Tag><Key>team</Key><Value>cache</Value></Tag></TagList>")
        }
        (_, "") => call.xml(&format!(
            "<Marker>next</Marker><Snapshots>{}{}</Snapshots>",
            one("old", "available", "01T10:00:00"),
            one("newest", "creating", "04T10:00:00")
        )),
        _ => call.xml(&format!(
            "<Snapshots>{}{}</Snapshots>",
            one("new", "restoring", "03T10:00:00"),
            one("gone", "deleting", "05T10:00:00")
        )),
    })
}

const GROUP: (&str, &str) = ("replication_group_id", "cache");

#[tokio::test]
async fn the_newest_that_is_ready_is_taken() {
    let aws = aws();
    let asked = [(GROUP.0, Value::from(GROUP.1)), ("most_recent", true.into())];
    let answer = aws.ask(&SnapshotData, asked).await;
    assert_eq!(problems(&answer.diags), [""; 0]);
    assert_eq!(answer.state.get("name").as_str(), Some("new"));
    assert_eq!(answer.state.get("id").as_str(), Some("new"));
    assert_eq!(answer.state.get("status").as_str(), Some("restoring"));
    assert_eq!(answer.state.get("tags").get("team").as_str(), Some("cache"));
    let calls = aws.calls();
    assert_eq!(calls[0].param("ReplicationGroupId"), "cache");
}

#[tokio::test]
async fn several_are_an_error_unless_the_newest_is_wanted() {
    let told = problems(&aws().ask(&SnapshotData, [(GROUP.0, GROUP.1.into())]).await.diags);
    assert_eq!(
        told,
        [
            "Several snapshots fit: 2 were found when looking for a snapshot of replication group \"cache\", newest first: \
          new (restoring), old. Set most_recent = true to take the newest, or give its name."
        ]
    );
}

#[tokio::test]
async fn age_limits_the_choice() {
    let before = [(GROUP.0, Value::from(GROUP.1)), ("created_before", "2026-01-02T00:00:00Z".into())];
    let answer = aws().ask(&SnapshotData, before).await;
    assert_eq!(answer.state.get("name").as_str(), Some("old"));
    let after = [(GROUP.0, Value::from(GROUP.1)), ("created_after", "2026-01-03T12:00:00+01:00".into())];
    let told = problems(&aws().ask(&SnapshotData, after).await.diags);
    assert_eq!(
        told,
        ["There is no such snapshot: AWS has no snapshot of replication group \"cache\" taken after \
          \"2026-01-03T12:00:00+01:00\" that is available. Not ready yet: newest (creating). Run again when it is."]
    );
}

/// AWS refuses to look for snapshots of a node that is gone, though it has them.
#[tokio::test]
async fn snapshots_of_a_node_that_is_gone_are_found() {
    let aws = FakeAws::new(|call: &Call| match (call.operation.as_str(), call.param("CacheClusterId")) {
        ("ListTagsForResource", _) => call.xml("<TagList/>"),
        (_, "") => {
            let of = |name: &str, node: &str| {
                one(name, "available", "01T10:00:00").replace(
                    "<ReplicationGroupId>cache</ReplicationGroupId>",
                    &format!("<CacheClusterId>{node}</CacheClusterId>"),
                )
            };
            call.xml(&format!(
                "<Snapshots>{}{}</Snapshots>",
                of("mine", "cache-001"),
                of("other", "cache-002")
            ))
        }
        _ => call.error("CacheClusterNotFound", "CacheCluster not found: cache-001"),
    });
    let answer = aws.ask(&SnapshotData, [("cache_cluster_id", "cache-001".into())]).await;
    assert_eq!(problems(&answer.diags), [""; 0]);
    assert_eq!(answer.state.get("name").as_str(), Some("mine"));
}

#[tokio::test]
async fn a_name_that_is_not_there_is_told() {
    let aws = FakeAws::new(|call| call.error("SnapshotNotFoundFault", "There is none."));
    let told = problems(&aws.ask(&SnapshotData, [("name", "before".into())]).await.diags);
    assert!(
        told[0].starts_with("There is no such snapshot: AWS has no snapshot named \"before\""),
        "{told:?}"
    );
}

#[test]
fn it_must_be_clear_whose_snapshot_is_meant() {
    let problems_of = |arguments: [(&str, Value); 1]| {
        problems(&SnapshotData.validate(&AnyDataSource::schema(&SnapshotData).conform(Value::map(arguments))))
    };
    assert!(problems_of([("most_recent", true.into())])[0].starts_with("name: No snapshot asked for"));
    assert!(problems_of([("name", "".into())])[0].starts_with("name: No snapshot asked for"));
    assert_eq!(problems_of([("replication_group_id", Value::Unknown)]), [""; 0]);
    let told = problems_of([("created_after", "yesterday".into())]);
    assert!(told.iter().any(|told| told.starts_with("created_after: ")), "{told:?}");
}
