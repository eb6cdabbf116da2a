use serde_json::json;

use super::LogGroupList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
use crate::value::Value;

fn group(name: &str) -> serde_json::Value {
    json!({ "logGroupName": name, "arn": format!("arn:aws:logs:us-east-1:111122223333:log-group:{name}:*") })
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.json()["nextToken"].as_str() {
        None => {
            let mut group = group("/aws/elasticache/web");
            group["retentionInDays"] = json!(14);
            call.answer_json(&json!({ "logGroups": [group], "nextToken": "more" }))
        }
        Some(_) => call.answer_json(&json!({ "logGroups": [group("/aws/elasticache/api")] })),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&LogGroupList, answer, "name", entries).await
}

#[tokio::test]
async fn groups_of_every_page_are_listed() {
    let all = names(Vec::new()).await;
    assert_eq!(all, ["/aws/elasticache/web (kept 14 days)", "/aws/elasticache/api (kept forever)"]);
}

#[tokio::test]
async fn aws_is_asked_for_the_prefix() {
    for (prefix, expected) in [(Value::Null, "/aws/elasticache/"), ("/cache/".into(), "/cache/")] {
        let fake = FakeAws::new(answer);
        let config = AnyListResource::schema(&LogGroupList).conform(Value::map([("name_prefix", prefix)]));
        listed(&LogGroupList, &fake.provider, config, false, 0).await;
        let requested: Vec<_> =
            fake.calls().iter().map(|call| call.json()["logGroupNamePrefix"].clone()).collect();
        assert_eq!(requested, [expected; 2]);
    }
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&LogGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&LogGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list log groups: "), "{errors:?}");
}
