use super::UserGroupList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
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

async fn shown(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&UserGroupList).conform(Value::map(entries));
    let events = listed(&UserGroupList, &fake.provider, config, false, 0).await;
    assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
    for event in &events {
        assert_eq!(event.identity.get("account_id"), &Value::from("111122223333"));
        assert!(event.display_name.starts_with(event.identity.get("user_group_id").as_str().unwrap()));
    }
    events.into_iter().map(|event| event.display_name).collect()
}

#[tokio::test]
async fn groups_of_every_page_are_listed_without_those_being_deleted() {
    assert_eq!(shown(Vec::new()).await, ["web (valkey, 2 users)", "api (redis, 2 users)"]);
    assert_eq!(shown(vec![("id_prefix", "A".into())]).await, ["api (redis, 2 users)"]);
    assert_eq!(shown(vec![("engine", "valkey".into())]).await, ["web (valkey, 2 users)"]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&UserGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&UserGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list user groups: "), "{errors:?}");
}
