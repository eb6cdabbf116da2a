use super::GlobalReplicationGroupList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
use crate::value::Value;

fn datastore(id: &str, status: &str) -> String {
    format!(
        "<GlobalReplicationGroup><GlobalReplicationGroupId>{id}</GlobalReplicationGroupId><Status>{status}</Status>\
         <Engine>valkey</Engine><EngineVersion>8.1</EngineVersion><Members><GlobalReplicationGroupMember>\
         <ReplicationGroupId>eu</ReplicationGroupId></GlobalReplicationGroupMember></Members>\
         <ARN>arn:aws:elasticache::111122223333:globalreplicationgroup:{id}</ARN></GlobalReplicationGroup>"
    )
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.param("Marker") {
        "" => call.xml(&format!(
            "<Marker>more</Marker><GlobalReplicationGroups>{}</GlobalReplicationGroups>",
            datastore("gxeiz-web", "available") + &datastore("gxeiz-old", "deleted")
        )),
        "more" => call.xml(&format!(
            "<GlobalReplicationGroups>{}</GlobalReplicationGroups>",
            datastore("ldgnf-api", "primary-only")
        )),
        _ => call.error("InvalidParameterValue", "There is no such page."),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&GlobalReplicationGroupList, answer, "global_replication_group_id", entries).await
}

#[tokio::test]
async fn datastores_of_every_page_are_listed_without_those_being_deleted() {
    let (api, web) = ("ldgnf-api (valkey 8.1, 1 member)", "gxeiz-web (valkey 8.1, 1 member)");
    assert_eq!(names(Vec::new()).await, [web, api]);
    assert_eq!(names(vec![("id_prefix", "LDGNF-A".into())]).await, [api]);
    assert_eq!(names(vec![("id_prefix", "api".into())]).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config =
        AnyListResource::schema(&GlobalReplicationGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&GlobalReplicationGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list global datastores: "), "{errors:?}");
}
