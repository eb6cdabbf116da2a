use super::UserGroupAssociationList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
use crate::value::Value;

fn group(id: &str, engine: &str, status: &str) -> String {
    format!(
        "<member><UserGroupId>{id}</UserGroupId><Engine>{engine}</Engine><Status>{status}</Status>\
         <UserIds><member>{id}-b</member><member>{id}-a</member></UserIds>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:usergroup:{id}</ARN></member>"
    )
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.param("Marker") {
        "" => call.xml(&format!(
            "<Marker>more</Marker><UserGroups>{}</UserGroups>",
            group("web", "valkey", "active") + &group("old", "redis", "deleting")
        )),
        "more" => call.xml(&format!("<UserGroups>{}</UserGroups>", group("api", "redis", "active"))),
        _ => call.error("InvalidParameterValue", "There is no such page."),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&UserGroupAssociationList, answer, "user_id", entries).await
}

#[tokio::test]
async fn every_user_of_every_group_is_listed() {
    let (api, web) = (["api-a in api", "api-b in api"], ["web-a in web", "web-b in web"]);
    assert_eq!(names(Vec::new()).await, [web, api].concat());
    assert_eq!(names(vec![("user_group_id", "API".into())]).await, api);
}

#[tokio::test]
async fn both_ids_identify_an_association() {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&UserGroupAssociationList)
        .conform(Value::map([("user_group_id", Value::from("api"))]));
    let events = listed(&UserGroupAssociationList, &fake.provider, config, false, 0).await;
    assert_eq!(events[0].identity.get("user_group_id"), &Value::from("api"));
    assert_eq!(events[0].identity.get("user_id"), &Value::from("api-a"));
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config =
        AnyListResource::schema(&UserGroupAssociationList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&UserGroupAssociationList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list user groups: "), "{errors:?}");
}
