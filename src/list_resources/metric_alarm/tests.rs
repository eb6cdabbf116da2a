use serde_json::json;

use super::MetricAlarmList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::value::Value;

fn arn(name: &str) -> String {
    format!("arn:aws:cloudwatch:us-east-1:111122223333:alarm:{name}")
}

fn alarm(name: &str, namespace: &str) -> serde_json::Value {
    json!({ "AlarmName": name, "AlarmArn": arn(name), "Namespace": namespace, "MetricName": "Evictions" })
}

/// Two pages, the second with an alarm on an expression.
fn answer(call: &Call) -> Answer {
    match call.json()["NextToken"].as_str() {
        None => {
            let alarms = [alarm("web", "AWS/ElastiCache"), alarm("queue", "AWS/SQS")];
            call.answer_json(&json!({ "MetricAlarms": alarms, "NextToken": "more" }))
        }
        Some(_) => {
            let metric = json!({ "Namespace": "AWS/ElastiCache", "MetricName": "CacheHits" });
            let stat = json!({ "Metric": metric, "Period": 60, "Stat": "Sum" });
            let queries =
                json!([{ "Id": "rate", "Expression": "hits / 60" }, { "Id": "hits", "MetricStat": stat }]);
            let alarm = json!({ "AlarmName": "api", "AlarmArn": arn("api"), "Metrics": queries });
            call.answer_json(&json!({ "MetricAlarms": [alarm] }))
        }
    }
}

async fn shown(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&MetricAlarmList).conform(Value::map(entries));
    let events = listed(&MetricAlarmList, &fake.provider, config, false, 0).await;
    assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
    for event in &events {
        assert_eq!(event.identity.get("account_id"), &Value::from("111122223333"));
        assert!(event.display_name.starts_with(event.identity.get("alarm_name").as_str().unwrap()));
    }
    events.into_iter().map(|event| event.display_name).collect()
}

#[tokio::test]
async fn alarms_on_metrics_of_elasticache_are_listed() {
    assert_eq!(shown(Vec::new()).await, ["web (Evictions)", "api"]);
}

#[tokio::test]
async fn aws_is_asked_for_the_prefix() {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&MetricAlarmList)
        .conform(Value::map([("name_prefix", Value::from("cache-"))]));
    listed(&MetricAlarmList, &fake.provider, config, false, 0).await;
    let calls = fake.calls();
    assert_eq!(calls.len(), 2);
    for call in calls {
        assert_eq!(call.json()["AlarmNamePrefix"], "cache-");
        assert_eq!(call.json()["AlarmTypes"], json!(["MetricAlarm"]));
    }
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&MetricAlarmList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&MetricAlarmList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list alarms: "), "{errors:?}");
}
