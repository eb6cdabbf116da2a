use super::SnapshotList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
use crate::value::Value;

fn snapshot(name: &str, group: &str, time: &str, status: &str) -> String {
    format!(
        "<Snapshot><SnapshotName>{name}</SnapshotName><SnapshotStatus>{status}</SnapshotStatus>\
         <ReplicationGroupId>{group}</ReplicationGroupId><Engine>valkey</Engine><EngineVersion>8.1</EngineVersion>\
         <NodeSnapshots><NodeSnapshot><CacheClusterId>{group}-002</CacheClusterId>\
         <SnapshotCreateTime>{time}</SnapshotCreateTime></NodeSnapshot></NodeSnapshots>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:snapshot:{name}</ARN></Snapshot>"
    )
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.param("Marker") {
        "" => call.xml(&format!(
            "<Marker>more</Marker><Snapshots>{}</Snapshots>",
            snapshot("new", "web", "2026-02-01T00:00:00Z", "available")
        )),
        "more" => call.xml(&format!(
            "<Snapshots>{}</Snapshots>",
            snapshot("early", "api", "2026-01-01T00:00:00Z", "available")
                + &snapshot("gone", "api", "2026-01-01T00:00:00Z", "deleting")
        )),
        _ => call.error("InvalidParameterValue", "There is no such page."),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&SnapshotList, answer, "name", entries).await
}

#[tokio::test]
async fn snapshots_of_every_page_are_listed_without_those_being_deleted() {
    let (early, new) = ("early (of api, valkey 8.1)", "new (of web, valkey 8.1)");
    assert_eq!(names(Vec::new()).await, [new, early]);
    assert_eq!(names(vec![("replication_group_id", "API".into())]).await, [early]);
    assert_eq!(names(vec![("created_after", "2026-01-15T00:00:00Z".into())]).await, [new]);
    assert_eq!(names(vec![("created_before", "2026-01-15T00:00:00Z".into())]).await, [early]);
}

#[tokio::test]
async fn aws_is_asked_for_manual_snapshots_of_the_group() {
    let fake = FakeAws::new(answer);
    let entries =
        [("replication_group_id", Value::from("API")), ("cache_cluster_id", Value::from("api-001"))];
    let config = AnyListResource::schema(&SnapshotList).conform(Value::map(entries));
    let events = listed(&SnapshotList, &fake.provider, config, false, 0).await;
    assert!(events.is_empty(), "{events:?}");
    let calls = fake.calls();
    assert_eq!(calls.len(), 2);
    for call in calls {
        assert_eq!(call.param("SnapshotSource"), "user");
        assert_eq!(call.param("ReplicationGroupId"), "api");
        assert_eq!(call.param("CacheClusterId"), "");
    }
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&SnapshotList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&SnapshotList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list snapshots: "), "{errors:?}");
}
