use serde_json::json;

use super::SsmUrlList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
use crate::value::Value;

fn parameter(name: &str) -> serde_json::Value {
    json!({
        "Name": name,
        "ARN": format!("arn:aws:ssm:us-east-1:111122223333:parameter{name}"),
        "Type": "SecureString",
        "Version": 1,
    })
}

/// Three pages, one of them empty.
fn answer(call: &Call) -> Answer {
    match call.json()["NextToken"].as_str() {
        None => call.answer_json(&json!({ "Parameters": [parameter("/app/web")], "NextToken": "empty" })),
        Some("empty") => call.answer_json(&json!({ "Parameters": [], "NextToken": "last" })),
        Some(_) => call.answer_json(&json!({ "Parameters": [parameter("/app/cache/api")] })),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&SsmUrlList, answer, "name", entries).await
}

#[tokio::test]
async fn parameters_of_every_page_are_listed() {
    let all = names(vec![("path", "/app".into())]).await;
    assert_eq!(all, ["/app/web (SecureString)", "/app/cache/api (SecureString)"]);
}

#[tokio::test]
async fn aws_is_asked_for_the_path_without_its_last_slash() {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&SsmUrlList).conform(Value::map([("path", Value::from("/app/"))]));
    listed(&SsmUrlList, &fake.provider, config, false, 0).await;
    let calls = fake.calls();
    assert_eq!(calls.len(), 3);
    let requested = json!([{ "Key": "Path", "Option": "Recursive", "Values": ["/app"] }]);
    for call in calls {
        assert_eq!(call.operation, "DescribeParameters");
        assert_eq!(call.json()["ParameterFilters"], requested);
    }
}

#[test]
fn a_path_begins_with_a_slash() {
    for (path, is_right) in [("/", true), ("/app", true), ("app", false), ("", false)] {
        let config = AnyListResource::schema(&SsmUrlList).conform(Value::map([("path", Value::from(path))]));
        let errors = problems(&AnyListResource::validate(&SsmUrlList, &config));
        assert_eq!(errors.is_empty(), is_right, "{path:?}: {errors:?}");
    }
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&SsmUrlList).conform(Value::map([("path", Value::from("/app"))]));
    let events = listed(&SsmUrlList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list SSM parameters: "), "{errors:?}");
}
