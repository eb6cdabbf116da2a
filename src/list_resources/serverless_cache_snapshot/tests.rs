use super::ServerlessCacheSnapshotList;
use crate::engine::AnyListResource;
use crate::testing::aws::{FakeAws, problems};
use crate::testing::core::listed;
use crate::value::Value;

fn snapshot(name: &str, snapshot_type: &str, status: &str) -> String {
    format!(
        "<ServerlessCacheSnapshot><ServerlessCacheSnapshotName>{name}</ServerlessCacheSnapshotName>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:serverlesscachesnapshot:{name}</ARN><Status>{status}</Status>\
         <SnapshotType>{snapshot_type}</SnapshotType><ServerlessCacheConfiguration>\
         <ServerlessCacheName>api</ServerlessCacheName></ServerlessCacheConfiguration></ServerlessCacheSnapshot>"
    )
}

#[tokio::test]
async fn manual_snapshots_are_listed() {
    let fake = FakeAws::new(|call| {
        let all = snapshot("b", "manual", "available")
            + &snapshot("a", "manual", "creating")
            + &snapshot("c", "manual", "deleting")
            + &snapshot("daily", "automatic", "available");
        call.xml(&format!("<ServerlessCacheSnapshots>{all}</ServerlessCacheSnapshots>"))
    });
    let schema = AnyListResource::schema(&ServerlessCacheSnapshotList);
    let config = schema.conform(Value::map([("serverless_cache_name", Value::from("API"))]));
    let events = listed(&ServerlessCacheSnapshotList, &fake.provider, config, false, 0).await;
    assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
    let observed: Vec<_> = events.iter().map(|event| event.display_name.as_str()).collect();
    assert_eq!(observed, ["a (of api)", "b (of api)"]);
    assert_eq!(events[0].identity.get("name"), &Value::from("a"));
    assert_eq!(fake.calls()[0].param("ServerlessCacheName"), "api");
}
