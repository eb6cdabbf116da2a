//! The resource through the engine, against a canned CloudWatch.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::MetricAlarm;
use super::model::{MetricModel, QueryModel};
use crate::resources::testing::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::{Model, Value};

const ARN: &str = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:alerts";

/// One alarm as PutMetricAlarm gave it, and its tags.
#[derive(Default)]
struct Store {
    alarm: Option<serde_json::Value>,
    tags: serde_json::Map<String, serde_json::Value>,
}

impl Store {
    fn answer(&mut self, call: &Call) -> Answer {
        let mut body = call.json();
        match call.operation.as_str() {
            "PutMetricAlarm" => {
                let tags = body.as_object_mut().unwrap().remove("Tags");
                if self.alarm.is_none() {
                    self.tag(&tags.unwrap_or_default());
                }
                body["AlarmArn"] = json!(ARN);
                self.alarm = Some(body);
                call.answer_json(&json!({}))
            }
            "DescribeAlarms" => {
                assert_eq!(body["AlarmTypes"], json!(["MetricAlarm"]));
                let alarms: Vec<_> = self.alarm.iter().collect();
                call.answer_json(&json!({ "MetricAlarms": alarms, "CompositeAlarms": [] }))
            }
            "ListTagsForResource" => {
                let tags: Vec<_> = self.tags.iter().map(|(k, v)| json!({ "Key": k, "Value": v })).collect();
                call.answer_json(&json!({ "Tags": tags }))
            }
            "TagResource" => {
                self.tag(&body["Tags"]);
                call.answer_json(&json!({}))
            }
            "UntagResource" => {
                self.tags.retain(|key, _| !body["TagKeys"].as_array().unwrap().contains(&json!(key)));
                call.answer_json(&json!({}))
            }
            "DeleteAlarms" if self.alarm.take().is_some() => call.answer_json(&json!({})),
            _ => call.error("ResourceNotFound", "There is none."),
        }
    }

    fn tag(&mut self, tags: &serde_json::Value) {
        for tag in tags.as_array().into_iter().flatten() {
            self.tags.insert(tag["Key"].as_str().unwrap().to_owned(), tag["Value"].clone());
        }
    }
}

fn cloudwatch() -> (FakeAws, Arc<Mutex<Store>>) {
    let store = Arc::new(Mutex::new(Store::default()));
    let shared = Arc::clone(&store);
    (FakeAws::new(move |call| shared.lock().unwrap().answer(call)), store)
}

fn strings<const N: usize>(items: [&str; N]) -> Value {
    Value::set(items.map(Value::from))
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

/// An alarm on a metric, and what else is given.
fn alarm<const N: usize>(more: [(&str, Value); N]) -> Value {
    let mut alarm = config(
        &MetricAlarm,
        [
            ("alarm_name", "cpu".into()),
            ("comparison_operator", "GreaterThanThreshold".into()),
            ("evaluation_periods", 2.into()),
            ("metric_name", "EngineCPUUtilization".into()),
            ("namespace", "AWS/ElastiCache".into()),
            ("period", 300.into()),
            ("statistic", "Average".into()),
            ("threshold", 90.into()),
        ],
    );
    if let Value::Map(map) = &mut alarm {
        map.extend(more.map(|(key, value)| (key.to_owned(), value)));
    }
    alarm
}

fn object<M: Model, const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut object = M::default().into_value();
    if let Value::Map(map) = &mut object {
        map.extend(entries.map(|(key, value)| (key.to_owned(), value)));
    }
    object
}

fn none() -> Vec<String> {
    Vec::new()
}

async fn round(aws: &FakeAws, prior: &Value, config: Value) -> Value {
    let made = aws.update(&MetricAlarm, prior, config.clone()).await;
    assert_eq!(problems(&made.diags), none());
    let read = aws.read(&MetricAlarm, &made.state).await;
    assert_eq!(read.state, made.state, "a refresh changes nothing");
    assert_eq!(aws.plan(&MetricAlarm, &read.state, &config).planned, read.state, "nor does a plan");
    read.state
}

#[tokio::test]
async fn creates_changes_and_deletes() {
    let (aws, store) = cloudwatch();
    let empty = alarm([
        ("alarm_actions", strings([])),
        ("alarm_description", "".into()),
        ("dimensions", text_map([])),
        ("extended_statistic", "".into()),
        ("tags", text_map([("a", "b")])),
        ("threshold", number("0.333333333333333333333333333333333")),
    ]);
    let state = round(&aws, &Value::Null, empty).await;
    assert_eq!(state.get("arn"), &Value::from(ARN));
    assert_eq!(state.get("id"), &Value::from("cpu"));
    {
        let store = store.lock().unwrap();
        let put = store.alarm.as_ref().unwrap();
        assert_eq!(put["TreatMissingData"], "missing");
        assert_eq!(put["ActionsEnabled"], json!(true));
        assert_eq!(put["Threshold"], json!(1.0 / 3.0));
        for absent in
            ["AlarmDescription", "Dimensions", "ExtendedStatistic", "Unit", "Metrics", "DatapointsToAlarm"]
        {
            assert!(put[absent].is_null(), "{absent}");
        }
        assert_eq!(store.tags["a"], "b");
    }
    let full = alarm([
        ("alarm_actions", strings([TOPIC])),
        ("dimensions", text_map([("CacheClusterId", "demo-001")])),
        ("treat_missing_data", "NotBreaching".into()),
        ("actions_enabled", false.into()),
        ("tags", text_map([("a", "b")])),
    ]);
    let state = round(&aws, &state, full.clone()).await;
    assert_eq!(store.lock().unwrap().alarm.as_ref().unwrap()["TreatMissingData"], "notBreaching");
    aws.calls();
    let mut tagged = full;
    if let Value::Map(map) = &mut tagged {
        map.insert("tags".into(), text_map([("c", "d")]));
    }
    let changed = aws.update(&MetricAlarm, &state, tagged).await;
    assert_eq!(
        (problems(&changed.diags), aws.operations()),
        (none(), vec!["UntagResource".into(), "TagResource".into()])
    );
    assert_eq!(problems(&aws.delete(&MetricAlarm, &state).await.diags), none());
    assert_eq!(problems(&aws.delete(&MetricAlarm, &state).await.diags), none());
}

/// What is deleted is an object of a state, and not whatever has its name by now.
#[tokio::test]
async fn what_was_made_anew_in_the_same_run_is_not_deleted() {
    let (aws, _) = cloudwatch();
    let before = round(&aws, &Value::Null, alarm([])).await;
    let after = round(&aws, &Value::Null, alarm([])).await;
    assert!(aws.delete_replaced(&MetricAlarm, &before).await.state.is_null());
    assert_eq!(aws.read(&MetricAlarm, &after).await.state, after);
    aws.delete(&MetricAlarm, &after).await;
    assert_eq!(aws.read(&MetricAlarm, &after).await.state, Value::Null);
}

#[tokio::test]
async fn is_gone_only_when_aws_says_so_twice() {
    let (aws, _) = cloudwatch();
    let state = round(&aws, &Value::Null, alarm([])).await;
    aws.delete(&MetricAlarm, &state).await;
    aws.calls();
    assert_eq!(aws.read(&MetricAlarm, &state).await.state, Value::Null);
    assert_eq!(aws.operations(), ["DescribeAlarms", "DescribeAlarms"]);
    // A service may leave out a list that is empty.
    let terse = FakeAws::new(|call| call.answer_json(&json!({})));
    assert_eq!(terse.read(&MetricAlarm, &state).await.state, Value::Null);
    assert_eq!(terse.operations(), ["DescribeAlarms", "DescribeAlarms"]);
    // A page behind an empty one is read, and one empty answer is not enough.
    let answers = Mutex::new(0);
    let flaky = FakeAws::new(move |call| {
        let mut count = answers.lock().unwrap();
        *count += 1;
        match (call.operation.as_str(), *count) {
            ("DescribeAlarms", 1) => call.answer_json(&json!({ "MetricAlarms": [], "NextToken": "2" })),
            ("DescribeAlarms", 2) => call.answer_json(&json!({ "MetricAlarms": [] })),
            ("DescribeAlarms", _) => {
                call.answer_json(&json!({ "MetricAlarms": [{ "AlarmName": "cpu", "AlarmArn": ARN }] }))
            }
            _ => call.answer_json(&json!({ "Tags": [] })),
        }
    });
    assert_eq!(flaky.read(&MetricAlarm, &state).await.state.get("arn"), &Value::from(ARN));
}

#[tokio::test]
async fn a_body_cut_short_is_an_error() {
    let (aws, _) = cloudwatch();
    let state = round(&aws, &Value::Null, alarm([])).await;
    let whole = FakeAws::new(|call| call.answer_json(&json!({ "MetricAlarms": [], "CompositeAlarms": [] })));
    assert_eq!(whole.read(&MetricAlarm, &state).await.state, Value::Null);
    for keep in 1..20 {
        let cut = FakeAws::new(move |call| {
            let mut answer = call.answer_json(&json!({ "MetricAlarms": [], "CompositeAlarms": [] }));
            answer.body.truncate(keep);
            answer
        });
        let read = cut.read(&MetricAlarm, &state).await;
        assert!(read.diags.has_errors() && read.state == state, "{keep}");
    }
}

#[tokio::test]
async fn takes_expressions_and_bands() {
    let (aws, store) = cloudwatch();
    let metric = object::<MetricModel, 5>([
        ("metric_name", "CacheHits".into()),
        ("namespace", "AWS/ElastiCache".into()),
        ("period", 60.into()),
        ("stat", "p99".into()),
        ("unit", "".into()),
    ]);
    let queries = Value::set([
        object::<QueryModel, 3>([
            ("id", "m1".into()),
            ("metric", Value::List(vec![metric])),
            ("return_data", true.into()),
        ]),
        object::<QueryModel, 5>([
            ("id", "e1".into()),
            ("expression", "ANOMALY_DETECTION_BAND(m1)".into()),
            ("label", "".into()),
            ("metric", Value::List(Vec::new())),
            ("return_data", true.into()),
        ]),
    ]);
    let config = config(
        &MetricAlarm,
        [
            ("alarm_name", "cpu".into()),
            ("comparison_operator", "GreaterThanUpperThreshold".into()),
            ("evaluation_periods", 1.into()),
            ("threshold_metric_id", "e1".into()),
            ("metric_query", queries),
        ],
    );
    assert_eq!(problems(&crate::engine::AnyResource::validate(&MetricAlarm, &config)), none());
    let state = round(&aws, &Value::Null, config.clone()).await;
    let put = store.lock().unwrap().alarm.clone().unwrap();
    assert_eq!(put["Metrics"].as_array().unwrap().len(), 2);
    assert_eq!(put["ThresholdMetricId"], "e1");
    assert!(put["Threshold"].is_null());
    let imported = aws.import(&MetricAlarm, "cpu").await.state;
    assert_eq!(aws.plan(&MetricAlarm, &imported, &config).replace, []);
    // From an expression to a metric, in place.
    round(&aws, &state, alarm([])).await;
    assert!(store.lock().unwrap().alarm.as_ref().unwrap()["Metrics"].is_null());
}

#[tokio::test]
async fn imports_with_nothing_to_change() {
    let (aws, _) = cloudwatch();
    for config in [alarm([]), alarm([("datapoints_to_alarm", 2.into()), ("alarm_actions", strings([TOPIC]))])]
    {
        round(&aws, &Value::Null, config.clone()).await;
        let state = aws.import(&MetricAlarm, "cpu").await.state;
        assert_eq!(aws.plan(&MetricAlarm, &state, &config).planned, state);
    }
    let error = crate::engine::AnyResource::import(&MetricAlarm, ARN).unwrap_err();
    assert_eq!(error.detail, format!("An alarm is imported by its name, but the id is {ARN:?}."));
}

#[tokio::test]
async fn what_the_console_adds_is_no_drift() {
    let (aws, store) = cloudwatch();
    let state = round(&aws, &Value::Null, alarm([])).await;
    store.lock().unwrap().alarm.as_mut().unwrap()["DatapointsToAlarm"] = json!(2);
    assert_eq!(aws.read(&MetricAlarm, &state).await.state, state);
    store.lock().unwrap().alarm.as_mut().unwrap()["DatapointsToAlarm"] = json!(1);
    assert_eq!(aws.read(&MetricAlarm, &state).await.state.get("datapoints_to_alarm"), &Value::from(1));
}

#[tokio::test]
async fn tags_an_alarm_that_was_there_already() {
    let (aws, store) = cloudwatch();
    store.lock().unwrap().alarm = Some(json!({ "AlarmName": "cpu", "AlarmArn": ARN }));
    store.lock().unwrap().tags.insert("theirs".into(), json!("1"));
    round(&aws, &Value::Null, alarm([("tags", text_map([("mine", "1")]))])).await;
    assert_eq!(store.lock().unwrap().tags.keys().collect::<Vec<_>>(), ["mine"]);
}
