use super::UserGroupList;
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
    listed_names(&UserGroupList, answer, "user_group_id", entries).await
}

#[tokio::test]
async fn groups_of_every_page_are_listed_without_those_being_deleted() {
    assert_eq!(names(Vec::new()).await, ["web (valkey, 2 users)", "api (redis, 2 users)"]);
    assert_eq!(names(vec![("id_prefix", "A".into())]).await, ["api (redis, 2 users)"]);
    assert_eq!(names(vec![("engine", "valkey".into())]).await, ["web (valkey, 2 users)"]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&UserGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&UserGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list user groups: "), "{errors:?}");
}
