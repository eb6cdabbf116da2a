use super::ParameterGroupList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::value::Value;

fn group(name: &str, family: &str) -> String {
    format!(
        "<CacheParameterGroup><CacheParameterGroupName>{name}</CacheParameterGroupName>\
         <CacheParameterGroupFamily>{family}</CacheParameterGroupFamily>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:parametergroup:{name}</ARN></CacheParameterGroup>"
    )
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.param("Marker") {
        "" => call.xml(&format!(
            "<Marker>more</Marker><CacheParameterGroups>{}</CacheParameterGroups>",
            group("default.valkey8", "valkey8") + &group("web", "valkey8")
        )),
        "more" => {
            call.xml(&format!("<CacheParameterGroups>{}</CacheParameterGroups>", group("api", "redis7")))
        }
        _ => call.error("InvalidParameterValue", "There is no such page."),
    }
}

async fn shown(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&ParameterGroupList).conform(Value::map(entries));
    let events = listed(&ParameterGroupList, &fake.provider, config, false, 0).await;
    assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
    for event in &events {
        assert_eq!(event.identity.get("account_id"), &Value::from("111122223333"));
        assert!(event.display_name.starts_with(event.identity.get("name").as_str().unwrap()));
    }
    events.into_iter().map(|event| event.display_name).collect()
}

#[tokio::test]
async fn groups_of_every_page_are_listed_without_those_of_aws() {
    assert_eq!(shown(Vec::new()).await, ["web (valkey8)", "api (redis7)"]);
    assert_eq!(shown(vec![("name_prefix", "A".into())]).await, ["api (redis7)"]);
    assert_eq!(shown(vec![("name_prefix", "default".into())]).await, [] as [&str; 0]);
    assert_eq!(shown(vec![("family", "valkey8".into())]).await, ["web (valkey8)"]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&ParameterGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&ParameterGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list parameter groups: "), "{errors:?}");
}
