use super::ServerlessCacheList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::value::Value;

fn member(name: &str, engine: &str, status: &str) -> String {
    format!(
        "<member><ServerlessCacheName>{name}</ServerlessCacheName><Engine>{engine}</Engine><Status>{status}</Status>\
         <MajorEngineVersion>8</MajorEngineVersion>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:serverlesscache:{name}</ARN></member>"
    )
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.param("NextToken") {
        "" => call.xml(&format!(
            "<NextToken>more</NextToken><ServerlessCaches>{}{}</ServerlessCaches>",
            member("sessions", "valkey", "available"),
            member("old", "valkey", "deleting")
        )),
        "more" => {
            call.xml(&format!("<ServerlessCaches>{}</ServerlessCaches>", member("api", "redis", "available")))
        }
        _ => call.error("InvalidParameterValue", "There is no such page."),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&ServerlessCacheList).conform(Value::map(entries));
    let events = listed(&ServerlessCacheList, &fake.provider, config, false, 0).await;
    assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
    for event in &events {
        assert_eq!(event.identity.get("account_id"), &Value::from("111122223333"));
        assert!(event.display_name.starts_with(event.identity.get("name").as_str().unwrap()));
    }
    events.into_iter().map(|event| event.display_name).collect()
}

#[tokio::test]
async fn caches_of_every_page_are_listed_without_those_being_deleted() {
    assert_eq!(names(Vec::new()).await, ["sessions (valkey 8)", "api (redis 8)"]);
    assert_eq!(names(vec![("name_prefix", "AP".into())]).await, ["api (redis 8)"]);
    assert_eq!(names(vec![("engine", "valkey".into())]).await, ["sessions (valkey 8)"]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&ServerlessCacheList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&ServerlessCacheList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list serverless caches: "), "{errors:?}");
}
