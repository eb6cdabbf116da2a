use serde_json::json;

use super::CompositeAlarmList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::value::Value;

fn arn(name: &str) -> String {
    format!("arn:aws:cloudwatch:us-east-1:111122223333:alarm:{name}")
}

fn composite(name: &str, rule: &str) -> serde_json::Value {
    json!({ "AlarmName": name, "AlarmArn": arn(name), "AlarmRule": rule })
}

/// A composite alarm over an alarm of a cache, one over that, and one over an alarm of a queue.
fn answer(call: &Call) -> Answer {
    let alarm = |name: &str, namespace: &str| json!({ "AlarmName": name, "AlarmArn": arn(name), "Namespace": namespace, "MetricName": "Evictions" });
    let metric = [alarm("cache", "AWS/ElastiCache"), alarm("queue", "AWS/SQS")];
    let composite = [
        composite("top", "ALARM(over-cache)"),
        composite("over-cache", &format!("ALARM(\"{}\") OR OK(queue)", arn("cache"))),
        composite("over-queue", "ALARM(queue) AND NOT ALARM(\"cached\")"),
    ];
    call.answer_json(&json!({ "MetricAlarms": metric, "CompositeAlarms": composite }))
}

async fn observed(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&CompositeAlarmList).conform(Value::map(entries));
    let events = listed(&CompositeAlarmList, &fake.provider, config, false, 0).await;
    assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
    for event in &events {
        assert_eq!(event.identity.get("account_id"), &Value::from("111122223333"));
        assert_eq!(event.identity.get("alarm_name").as_str(), Some(event.display_name.as_str()));
    }
    events.into_iter().map(|event| event.display_name).collect()
}

#[tokio::test]
async fn composite_alarms_over_alarms_of_elasticache_are_listed() {
    assert_eq!(observed(Vec::new()).await, ["over-cache", "top"]);
    assert_eq!(observed(vec![("name_prefix", "over-".into())]).await, ["over-cache"]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&CompositeAlarmList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&CompositeAlarmList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list alarms: "), "{errors:?}");
}
