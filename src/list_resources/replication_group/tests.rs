use super::ReplicationGroupList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
use crate::value::Value;

fn group(id: &str, engine: &str, status: &str) -> String {
    format!(
        "<ReplicationGroup><ReplicationGroupId>{id}</ReplicationGroupId><Status>{status}</Status><Engine>{engine}</Engine>\
         <CacheNodeType>cache.t4g.small</CacheNodeType><MemberClusters><ClusterId>{id}-001</ClusterId>\
         <ClusterId>{id}-002</ClusterId></MemberClusters>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:replicationgroup:{id}</ARN></ReplicationGroup>"
    )
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.param("Marker") {
        "" => call.xml(&format!(
            "<Marker>more</Marker><ReplicationGroups>{}</ReplicationGroups>",
            group("sessions", "valkey", "available") + &group("old", "redis", "deleting")
        )),
        "more" => call
            .xml(&format!("<ReplicationGroups>{}</ReplicationGroups>", group("api", "redis", "modifying"))),
        _ => call.error("InvalidParameterValue", "There is no such page."),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&ReplicationGroupList, answer, "replication_group_id", entries).await
}

#[tokio::test]
async fn groups_of_every_page_are_listed_without_those_being_deleted() {
    let (api, sessions) =
        ("api (redis, cache.t4g.small, 2 nodes)", "sessions (valkey, cache.t4g.small, 2 nodes)");
    assert_eq!(names(Vec::new()).await, [sessions, api]);
    assert_eq!(names(vec![("id_prefix", "AP".into())]).await, [api]);
    assert_eq!(names(vec![("id_regex", "s$".into())]).await, [sessions]);
    assert_eq!(names(vec![("engine", "redis".into())]).await, [api]);
}

#[test]
fn an_expression_must_be_regular() {
    let config =
        AnyListResource::schema(&ReplicationGroupList).conform(Value::map([("id_regex", Value::from("("))]));
    let errors = problems(&AnyListResource::validate(&ReplicationGroupList, &config));
    assert!(errors.iter().any(|error| error.contains("regular expression")), "{errors:?}");
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&ReplicationGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&ReplicationGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list replication groups: "), "{errors:?}");
}
