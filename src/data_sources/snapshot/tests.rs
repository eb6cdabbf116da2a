//! The data source against scripted responses of AWS.

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

/// Two pages in random order; the newest snapshot is not available.
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
async fn most_recent_uses_the_newest_available_snapshot() {
    let aws = aws();
    let requested = [(GROUP.0, Value::from(GROUP.1)), ("most_recent", true.into())];
    let answer = aws.ask(&SnapshotData, requested).await;
    assert_eq!(problems(&answer.diags), [""; 0]);
    assert_eq!(answer.state.get("name").as_str(), Some("new"));
    assert_eq!(answer.state.get("id").as_str(), Some("new"));
    assert_eq!(answer.state.get("status").as_str(), Some("restoring"));
    assert_eq!(answer.state.get("tags").get("team").as_str(), Some("cache"));
    let calls = aws.calls();
    assert_eq!(calls[0].param("ReplicationGroupId"), "cache");
}

#[tokio::test]
async fn several_matches_are_an_error() {
    let found = problems(&aws().ask(&SnapshotData, [(GROUP.0, GROUP.1.into())]).await.diags);
    assert_eq!(
        found,
        ["Several snapshots match: AWS has 2 snapshots of replication group \"cache\", newest first: new \
             (restoring), old. Set `most_recent = true` to use the newest, or set its `name`."]
    );
}

#[tokio::test]
async fn created_before_and_after_filter_by_age() {
    let before = [(GROUP.0, Value::from(GROUP.1)), ("created_before", "2026-01-02T00:00:00Z".into())];
    let answer = aws().ask(&SnapshotData, before).await;
    assert_eq!(answer.state.get("name").as_str(), Some("old"));
    let after = [(GROUP.0, Value::from(GROUP.1)), ("created_after", "2026-01-03T12:00:00+01:00".into())];
    let found = problems(&aws().ask(&SnapshotData, after).await.diags);
    assert_eq!(
        found,
        ["Snapshot not found: AWS has no snapshot of replication group \"cache\" taken after \
          \"2026-01-03T12:00:00+01:00\" that is available. Not available yet: newest (creating). Run Terraform again when it is."]
    );
}

/// AWS refuses to list snapshots by a node that does not exist any more.
#[tokio::test]
async fn snapshots_of_a_deleted_node_are_found() {
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
async fn missing_name_is_an_error() {
    let aws = FakeAws::new(|call| call.error("SnapshotNotFoundFault", "There is none."));
    let found = problems(&aws.ask(&SnapshotData, [("name", "before".into())]).await.diags);
    assert!(found[0].starts_with("Snapshot not found: AWS has no snapshot named \"before\""), "{found:?}");
}

#[test]
fn validate_requires_a_name_or_a_cache() {
    let problems_of = |arguments: [(&str, Value); 1]| {
        problems(&SnapshotData.validate(&AnyDataSource::schema(&SnapshotData).conform(Value::map(arguments))))
    };
    assert!(problems_of([("most_recent", true.into())])[0].starts_with("name: Missing name of the snapshot"));
    assert!(problems_of([("name", "".into())])[0].starts_with("name: Missing name of the snapshot"));
    assert_eq!(problems_of([("replication_group_id", Value::Unknown)]), [""; 0]);
    let found = problems_of([("created_after", "yesterday".into())]);
    assert!(found.iter().any(|found| found.starts_with("created_after: ")), "{found:?}");
}
