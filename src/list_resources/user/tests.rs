use super::UserList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
use crate::value::Value;

fn user(id: &str, name: &str, engine: &str, status: &str) -> String {
    format!(
        "<member><UserId>{id}</UserId><UserName>{name}</UserName><Engine>{engine}</Engine><Status>{status}</Status>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:user:{id}</ARN></member>"
    )
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.param("Marker") {
        "" => call.xml(&format!(
            "<Marker>more</Marker><Users>{}</Users>",
            user("default", "default", "redis", "active") + &user("web", "web", "valkey", "active")
        )),
        "more" => call.xml(&format!(
            "<Users>{}</Users>",
            user("api", "default", "redis", "active") + &user("old", "old", "redis", "deleting")
        )),
        _ => call.error("InvalidParameterValue", "There is no such page."),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&UserList, answer, "user_id", entries).await
}

#[tokio::test]
async fn users_of_every_page_are_listed_without_that_of_aws() {
    assert_eq!(names(Vec::new()).await, ["web (valkey)", "api (redis, name default)"]);
    assert_eq!(names(vec![("id_prefix", "W".into())]).await, ["web (valkey)"]);
    assert_eq!(names(vec![("engine", "redis".into())]).await, ["api (redis, name default)"]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&UserList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&UserList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list users: "), "{errors:?}");
}
