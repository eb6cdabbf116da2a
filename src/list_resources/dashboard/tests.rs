use serde_json::json;

use super::DashboardList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::value::Value;

fn dashboard(name: &str) -> serde_json::Value {
    let arn = format!("arn:aws:cloudwatch::111122223333:dashboard/{name}");
    json!({ "DashboardName": name, "DashboardArn": arn, "Size": 1 })
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.json()["NextToken"].as_str() {
        None => {
            let entries = [dashboard("elasticache-web")];
            call.answer_json(&json!({ "DashboardEntries": entries, "NextToken": "more" }))
        }
        Some(_) => call.answer_json(&json!({ "DashboardEntries": [dashboard("elasticache-api")] })),
    }
}

#[tokio::test]
async fn dashboards_with_the_prefix_are_listed() {
    for (prefix, requested) in [(Value::Null, "elasticache-"), ("team-".into(), "team-")] {
        let fake = FakeAws::new(answer);
        let config = AnyListResource::schema(&DashboardList).conform(Value::map([("name_prefix", prefix)]));
        let events = listed(&DashboardList, &fake.provider, config, false, 0).await;
        assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
        let observed: Vec<&str> = events.iter().map(|event| event.display_name.as_str()).collect();
        assert_eq!(observed, ["elasticache-web (1 byte)", "elasticache-api (1 byte)"]);
        assert_eq!(events[0].identity.get("dashboard_name"), &Value::from("elasticache-web"));
        assert_eq!(events[0].identity.get("account_id"), &Value::from("111122223333"));
        let calls = fake.calls();
        assert_eq!(calls.len(), 2);
        assert!(calls.iter().all(|call| call.json()["DashboardNamePrefix"] == requested));
    }
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&DashboardList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&DashboardList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list dashboards: "), "{errors:?}");
}
