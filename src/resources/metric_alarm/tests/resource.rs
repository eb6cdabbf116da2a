//! The resource through the engine, against scripted responses of CloudWatch.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::{MetricAlarm, MetricModel, QueryModel, object};
use crate::engine::{AnyResource, ReadRequest, ReadResponse};
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::Value;

const ARN: &str = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:alerts";

/// One alarm in the form of PutMetricAlarm, and its tags.
#[derive(Default)]
pub(super) struct Store {
    pub(super) alarm: Option<serde_json::Value>,
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
            "ListTagsForResource" if self.alarm.is_some() => {
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

pub(super) fn cloudwatch() -> (FakeAws, Arc<Mutex<Store>>) {
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

/// An alarm on a metric with these further arguments.
pub(super) fn alarm<const N: usize>(more: [(&str, Value); N]) -> Value {
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

pub(super) fn none() -> Vec<String> {
    Vec::new()
}

pub(super) async fn apply_and_verify(aws: &FakeAws, prior: &Value, config: Value) -> Value {
    let applied = aws.update(&MetricAlarm, prior, config.clone()).await;
    assert_eq!(problems(&applied.diags), none());
    let read = aws.read(&MetricAlarm, &applied.state).await;
    assert_eq!(read.state, applied.state, "a refresh changes nothing");
    assert_eq!(aws.plan(&MetricAlarm, &read.state, &config).planned, read.state, "the plan is empty");
    read.state
}

#[tokio::test]
async fn alarm_is_created_updated_and_deleted() {
    let (aws, store) = cloudwatch();
    let empty = alarm([
        ("alarm_actions", strings([])),
        ("alarm_description", "".into()),
        ("dimensions", text_map([])),
        ("extended_statistic", "".into()),
        ("tags", text_map([("a", "b")])),
        ("threshold", number("0.333333333333333333333333333333333")),
    ]);
    let state = apply_and_verify(&aws, &Value::Null, empty).await;
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
    let state = apply_and_verify(&aws, &state, full.clone()).await;
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

/// The same CloudWatch in another Terraform run.
fn another_run(store: &Arc<Mutex<Store>>) -> FakeAws {
    let shared = Arc::clone(store);
    FakeAws::new(move |call| shared.lock().unwrap().answer(call))
}

/// The delete of a replaced resource does not delete its successor.
#[tokio::test]
async fn delete_keeps_an_alarm_that_was_taken_over_in_the_same_run() {
    let (aws, store) = cloudwatch();
    let before = apply_and_verify(&aws, &Value::Null, alarm([])).await;
    let aws = another_run(&store);
    let after = apply_and_verify(&aws, &Value::Null, alarm([("overwrite", true.into())])).await;
    assert!(aws.delete_replaced(&MetricAlarm, &before).await.state.is_null());
    assert_eq!(aws.read(&MetricAlarm, &after).await.state, after);
    aws.delete(&MetricAlarm, &after).await;
    assert_eq!(aws.read(&MetricAlarm, &after).await.state, Value::Null);
}

/// Fault G1.
#[tokio::test(start_paused = true)]
async fn create_does_not_overwrite_an_existing_alarm() {
    let (aws, store) = cloudwatch();
    apply_and_verify(&aws, &Value::Null, alarm([("threshold", 50.into())])).await;
    let existing = store.lock().unwrap().alarm.clone();
    for other in [("threshold", 90.into()), ("tags", text_map([("team", "b")]))] {
        let aws = another_run(&store);
        let refused = aws.create(&MetricAlarm, alarm([("threshold", 50.into()), other])).await;
        let errors = problems(&refused.diags);
        assert!(
            errors[0].starts_with("alarm_name: Alarm \"cpu\" already exists: The existing alarm differs"),
            "{errors:?}"
        );
        assert!(errors[0].contains("terraform import elasticache_metric_alarm.NAME cpu"), "{errors:?}");
        assert!(errors[0].contains("set `overwrite = true`"), "{errors:?}");
        assert_eq!(refused.state, Value::Null);
        let reads = ["DescribeAlarms", "ListTagsForResource"];
        assert!(aws.operations().iter().all(|operation| reads.contains(&operation.as_str())));
    }
    assert_eq!(store.lock().unwrap().alarm, existing);
}

/// If resources exchange their names, the same apply deletes the existing alarm.
#[tokio::test(start_paused = true)]
async fn create_waits_for_the_deletion_of_an_existing_alarm() {
    let (aws, store) = cloudwatch();
    apply_and_verify(&aws, &Value::Null, alarm([("threshold", 50.into())])).await;
    let mut reads = 0;
    let aws = FakeAws::new(move |call| {
        reads += usize::from(call.operation == "DescribeAlarms");
        if reads == 3 {
            store.lock().unwrap().alarm = None;
        }
        store.lock().unwrap().answer(call)
    });
    let created = aws.create(&MetricAlarm, alarm([])).await;
    assert_eq!((problems(&created.diags), created.state.get("threshold")), (none(), &Value::from(90)));
}

/// PutMetricAlarm sets the tags of a new alarm.
#[tokio::test]
async fn create_reads_no_tags_of_a_new_alarm() {
    let (aws, _) = cloudwatch();
    let created = aws.create(&MetricAlarm, alarm([("tags", text_map([("team", "a")]))])).await;
    assert_eq!(problems(&created.diags), none());
    assert_eq!(aws.operations(), ["DescribeAlarms", "PutMetricAlarm", "DescribeAlarms"]);
    let read = aws.read(&MetricAlarm, &created.state).await;
    assert_eq!(read.state.get("tags"), &text_map([("team", "a")]));
    assert_eq!(read.state, created.state);
}

/// As after an apply whose state was lost.
#[tokio::test]
async fn create_takes_over_an_identical_alarm_with_a_warning() {
    let (aws, store) = cloudwatch();
    let state = apply_and_verify(&aws, &Value::Null, alarm([])).await;
    let aws = another_run(&store);
    let taken = aws.create(&MetricAlarm, alarm([])).await;
    assert!(problems(&taken.diags)[0].starts_with("alarm_name: Alarm \"cpu\" already existed"));
    assert!(!taken.diags.has_errors());
    assert_eq!(taken.state, state);
    assert_eq!(aws.operations(), ["DescribeAlarms", "ListTagsForResource", "ListTagsForResource"]);
}

/// Two resources with one name, for example by `count`, cannot share an alarm, even with `overwrite`.
#[tokio::test]
async fn two_resources_cannot_manage_one_alarm() {
    let (aws, _) = cloudwatch();
    let config = alarm([("overwrite", true.into())]);
    apply_and_verify(&aws, &Value::Null, config.clone()).await;
    let errors = problems(&aws.create(&MetricAlarm, config).await.diags);
    assert!(
        errors[0].contains("Another resource created or took over this alarm in the same apply"),
        "{errors:?}"
    );
}

/// Fault G5.
#[tokio::test]
async fn alarm_with_equal_settings_is_not_written() {
    let (aws, store) = cloudwatch();
    apply_and_verify(&aws, &Value::Null, alarm([("tags", text_map([("a", "b")]))])).await;
    store.lock().unwrap().alarm.as_mut().unwrap()["DatapointsToAlarm"] = json!(2);
    let empty = alarm([
        ("overwrite", true.into()),
        ("alarm_actions", strings([])),
        ("dimensions", text_map([])),
        ("unit", "".into()),
        ("treat_missing_data", "Missing".into()),
        ("tags", text_map([("a", "b")])),
    ]);
    let aws = another_run(&store);
    assert_eq!(problems(&aws.create(&MetricAlarm, empty.clone()).await.diags), none());
    assert_eq!(aws.operations(), ["DescribeAlarms", "ListTagsForResource"]);
    let imported = aws.import(&MetricAlarm, "cpu").await;
    aws.calls();
    let same = aws.update_read(&MetricAlarm, &imported, empty).await;
    assert_eq!((problems(&same.diags), aws.operations()), (none(), none()));
}

/// AWS ignores the tags of a request for an existing alarm, so each request has them.
#[tokio::test]
async fn alarm_deleted_after_the_plan_is_recreated_with_its_tags() {
    let (aws, store) = cloudwatch();
    let tags = || ("tags", text_map([("team", "cache")]));
    let state = apply_and_verify(&aws, &Value::Null, alarm([tags()])).await;
    *store.lock().unwrap() = Store::default();
    let config = alarm([tags(), ("alarm_description", "Changed".into())]);
    let applied = aws.update(&MetricAlarm, &state, config).await;
    assert_eq!(problems(&applied.diags), none());
    assert_eq!(aws.read(&MetricAlarm, &applied.state).await.state, applied.state);
    assert_eq!(store.lock().unwrap().tags["team"], "cache");
}

/// Fault G3.
#[tokio::test]
async fn read_removes_the_alarm_only_if_its_tags_are_not_found() {
    let (aws, _) = cloudwatch();
    let state = apply_and_verify(&aws, &Value::Null, alarm([])).await;
    aws.delete(&MetricAlarm, &state).await;
    aws.calls();
    assert_eq!(aws.read(&MetricAlarm, &state).await.state, Value::Null);
    assert_eq!(aws.operations(), ["DescribeAlarms", "ListTagsForResource"]);
    // Neither an omitted list nor an empty one proves that the alarm is deleted.
    for answer in [json!({}), json!({ "MetricAlarms": [], "CompositeAlarms": [] })] {
        let empty = FakeAws::new(move |call| match call.operation.as_str() {
            "DescribeAlarms" => call.answer_json(&answer),
            _ => call.answer_json(&json!({ "Tags": [] })),
        });
        let read = empty.read(&MetricAlarm, &state).await;
        assert_eq!(read.state, state);
        assert!(problems(&read.diags)[0].contains("ListTagsForResource returns its tags"));
    }
    // The page after an empty page is read.
    let paged = FakeAws::new(|call| match (call.operation.as_str(), call.json()["NextToken"].as_str()) {
        ("DescribeAlarms", None) => call.answer_json(&json!({ "MetricAlarms": [], "NextToken": "2" })),
        ("DescribeAlarms", _) => {
            call.answer_json(&json!({ "MetricAlarms": [{ "AlarmName": "cpu", "AlarmArn": ARN }] }))
        }
        _ => call.answer_json(&json!({ "Tags": [] })),
    });
    assert_eq!(paged.read(&MetricAlarm, &state).await.state.get("arn"), &Value::from(ARN));
}

#[tokio::test]
async fn truncated_response_is_an_error() {
    let (aws, _) = cloudwatch();
    let state = apply_and_verify(&aws, &Value::Null, alarm([])).await;
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
async fn alarm_on_expressions_and_a_band_is_created() {
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
    assert_eq!(problems(&AnyResource::validate(&MetricAlarm, &config)), none());
    let state = apply_and_verify(&aws, &Value::Null, config.clone()).await;
    let put = store.lock().unwrap().alarm.clone().unwrap();
    assert_eq!(put["Metrics"].as_array().unwrap().len(), 2);
    assert_eq!(put["ThresholdMetricId"], "e1");
    assert!(put["Threshold"].is_null());
    let imported = aws.import(&MetricAlarm, "cpu").await.state;
    assert_eq!(aws.plan(&MetricAlarm, &imported, &config).replace, []);
    // From an expression to a metric, in place.
    apply_and_verify(&aws, &state, alarm([])).await;
    assert!(store.lock().unwrap().alarm.as_ref().unwrap()["Metrics"].is_null());
}

/// Faults F7 and F11: by name and by ARN, with null, empty and omitted arguments.
#[tokio::test]
async fn import_plans_no_change() {
    for config in [
        alarm([]),
        alarm([("datapoints_to_alarm", 2.into()), ("alarm_actions", strings([TOPIC]))]),
        alarm([("alarm_actions", strings([])), ("ok_actions", strings([])), ("dimensions", text_map([]))]),
        alarm([("tags", text_map([])), ("unit", "".into()), ("overwrite", true.into())]),
    ] {
        let (aws, _) = cloudwatch();
        apply_and_verify(&aws, &Value::Null, config.clone()).await;
        for id in ["cpu", ARN] {
            let read = aws.import(&MetricAlarm, id).await;
            let plan = aws.plan_read(&MetricAlarm, &read, &config);
            assert_eq!((plan.planned, problems(&plan.diags)), (read.state, none()));
        }
    }
    let other = "arn:aws:cloudwatch:us-east-1:123456789012:dashboard:cpu";
    let error = AnyResource::import(&MetricAlarm, other).unwrap_err();
    assert_eq!(
        error.detail,
        format!(
            "{other:?} is not the ARN of an object that elasticache_metric_alarm manages. Such an ARN has the form \
             arn:aws:cloudwatch:REGION:ACCOUNT:alarm:ID; the ID alone is accepted as well. An object with \
             this name is imported by its own ARN, or by an `identity`."
        )
    );
}

#[tokio::test]
async fn datapoints_that_the_console_adds_are_no_drift() {
    let (aws, store) = cloudwatch();
    let state = apply_and_verify(&aws, &Value::Null, alarm([])).await;
    store.lock().unwrap().alarm.as_mut().unwrap()["DatapointsToAlarm"] = json!(2);
    assert_eq!(aws.read(&MetricAlarm, &state).await.state, state);
    store.lock().unwrap().alarm.as_mut().unwrap()["DatapointsToAlarm"] = json!(1);
    assert_eq!(aws.read(&MetricAlarm, &state).await.state.get("datapoints_to_alarm"), &Value::from(1));
}

#[tokio::test]
async fn tags_of_an_alarm_that_is_taken_over_are_replaced() {
    let (aws, store) = cloudwatch();
    store.lock().unwrap().alarm = Some(json!({ "AlarmName": "cpu", "AlarmArn": ARN }));
    store.lock().unwrap().tags.insert("theirs".into(), json!("1"));
    let config = alarm([("overwrite", true.into()), ("tags", text_map([("mine", "1")]))]);
    apply_and_verify(&aws, &Value::Null, config).await;
    assert_eq!(store.lock().unwrap().tags.keys().collect::<Vec<_>>(), ["mine"]);
}

/// The settings that no argument has are repeated by each update, also by those that no read precedes.
#[tokio::test]
async fn action_configuration_survives_updates_without_a_refresh() {
    let (aws, store) = cloudwatch();
    let created = aws.create(&MetricAlarm, alarm([])).await;
    assert_eq!(problems(&created.diags), none());
    aws.read_unchanged(&MetricAlarm, &created).await;
    let tagged = json!({ "AlarmTagsPropagation": { "Enabled": true } });
    store.lock().unwrap().alarm.as_mut().unwrap()["ActionConfiguration"] = tagged.clone();
    let request = ReadRequest { state: created.state, private: created.private };
    let mut before = MetricAlarm.read(&aws.provider, &aws.cancel, request).await;
    for change in [("threshold", 80.into()), ("threshold", 70.into())] {
        let changed = aws.update_read(&MetricAlarm, &before, alarm([change])).await;
        assert_eq!(problems(&changed.diags), none());
        assert_eq!(store.lock().unwrap().alarm.as_ref().unwrap()["ActionConfiguration"], tagged);
        aws.read_unchanged(&MetricAlarm, &changed).await;
        before = ReadResponse { state: changed.state, private: changed.private, ..ReadResponse::default() };
    }
    // A create that takes the alarm over, with and without a change of it.
    for config in [alarm([("threshold", 70.into())]), alarm([("overwrite", true.into())])] {
        let aws = another_run(&store);
        let taken = aws.create(&MetricAlarm, config).await;
        assert!(!taken.diags.has_errors(), "{:?}", problems(&taken.diags));
        assert_eq!(store.lock().unwrap().alarm.as_ref().unwrap()["ActionConfiguration"], tagged);
        aws.read_unchanged(&MetricAlarm, &taken).await;
    }
    // Another client removes the configuration between the read and the update.
    let request = ReadRequest { state: before.state, private: before.private };
    let before = MetricAlarm.read(&aws.provider, &aws.cancel, request).await;
    store.lock().unwrap().alarm.as_mut().unwrap()["ActionConfiguration"] = json!(null);
    let changed = aws.update_read(&MetricAlarm, &before, alarm([("threshold", 80.into())])).await;
    assert_eq!(problems(&changed.diags), none());
    aws.read_unchanged(&MetricAlarm, &changed).await;
}
