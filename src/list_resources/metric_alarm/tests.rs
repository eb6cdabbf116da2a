use serde_json::json;

use super::MetricAlarmList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
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

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&MetricAlarmList, answer, "alarm_name", entries).await
}

#[tokio::test]
async fn alarms_on_metrics_of_elasticache_are_listed() {
    assert_eq!(names(Vec::new()).await, ["web (Evictions)", "api"]);
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
