use super::ParameterGroupList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
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

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&ParameterGroupList, answer, "name", entries).await
}

#[tokio::test]
async fn groups_of_every_page_are_listed_without_those_of_aws() {
    assert_eq!(names(Vec::new()).await, ["web (valkey8)", "api (redis7)"]);
    assert_eq!(names(vec![("name_prefix", "A".into())]).await, ["api (redis7)"]);
    assert_eq!(names(vec![("name_prefix", "default".into())]).await, [] as [&str; 0]);
    assert_eq!(names(vec![("family", "valkey8".into())]).await, ["web (valkey8)"]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&ParameterGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&ParameterGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list parameter groups: "), "{errors:?}");
}
