//! The composite alarm against scripted responses of CloudWatch.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::CompositeAlarm;
use crate::engine::{AnyResource, MoveRequest, ReadRequest, ReadResponse};
use crate::resources::common::alarm::suppressor::SuppressorModel;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::{IntoValue, Value};

const ARN: &str = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:any";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:alerts";
const RULE: &str = "ALARM(\"cpu\") OR ALARM(\"memory\")";

/// One alarm in the form of PutCompositeAlarm, and its tags.
#[derive(Default)]
struct Store {
    alarm: Option<serde_json::Value>,
    tags: serde_json::Map<String, serde_json::Value>,
}

impl Store {
    fn answer(&mut self, call: &Call) -> Answer {
        let mut body = call.json();
        match call.operation.as_str() {
            "PutCompositeAlarm" => {
                let tags = body.as_object_mut().unwrap().remove("Tags");
                if self.alarm.is_none() {
                    self.tag(&tags.unwrap_or_default());
                }
                body["AlarmArn"] = json!(ARN);
                self.alarm = Some(body);
                call.answer_json(&json!({}))
            }
            "DescribeAlarms" => {
                let alarms: Vec<_> = self.alarm.iter().collect();
                call.answer_json(&json!({ "MetricAlarms": [], "CompositeAlarms": alarms }))
            }
            "ListTagsForResource" if self.alarm.is_some() => {
                let tags: Vec<_> = self.tags.iter().map(|(k, v)| json!({ "Key": k, "Value": v })).collect();
                call.answer_json(&json!({ "Tags": tags }))
            }
            "TagResource" => {
                self.tag(&body["Tags"]);
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
    (another_run(&store), store)
}

/// The same CloudWatch in another Terraform run.
fn another_run(store: &Arc<Mutex<Store>>) -> FakeAws {
    let shared = Arc::clone(store);
    FakeAws::new(move |call| shared.lock().unwrap().answer(call))
}

fn alarm<const N: usize>(more: [(&str, Value); N]) -> Value {
    let mut alarm = config(&CompositeAlarm, [("alarm_name", "any".into()), ("alarm_rule", RULE.into())]);
    if let Value::Map(map) = &mut alarm {
        map.extend(more.map(|(key, value)| (key.to_owned(), value)));
    }
    alarm
}

fn suppressor(alarm: &str) -> Value {
    let block = SuppressorModel {
        alarm: alarm.into(),
        wait_period: Some(60).into(),
        extension_period: Some(120).into(),
    };
    Value::List(vec![block.into_value()])
}

fn none() -> Vec<String> {
    Vec::new()
}

async fn apply_and_verify(aws: &FakeAws, prior: &Value, config: Value) -> Value {
    let applied = aws.update(&CompositeAlarm, prior, config.clone()).await;
    assert_eq!(problems(&applied.diags), none());
    let read = aws.read(&CompositeAlarm, &applied.state).await;
    assert_eq!(read.state, applied.state, "a refresh changes nothing");
    assert_eq!(aws.plan(&CompositeAlarm, &read.state, &config).planned, read.state, "the plan is empty");
    read.state
}

#[tokio::test]
async fn alarm_is_created_updated_and_deleted() {
    let (aws, store) = cloudwatch();
    let empty = alarm([("alarm_actions", Value::set([])), ("alarm_description", "".into())]);
    let state = apply_and_verify(&aws, &Value::Null, empty).await;
    assert_eq!(state.get("arn"), &Value::from(ARN));
    let put = store.lock().unwrap().alarm.clone().unwrap();
    assert_eq!((&put["AlarmRule"], &put["ActionsEnabled"]), (&json!(RULE), &json!(true)));
    for absent in ["AlarmDescription", "ActionsSuppressor", "ActionsSuppressorWaitPeriod"] {
        assert!(put[absent].is_null(), "{absent}");
    }
    let full = alarm([
        ("actions_enabled", false.into()),
        ("ok_actions", Value::set([TOPIC.into()])),
        ("actions_suppressor", suppressor("maintenance")),
        ("tags", text_map([("team", "cache")])),
    ]);
    let plan = aws.plan(&CompositeAlarm, &state, &full);
    assert_eq!(plan.replace, [], "actions_enabled is changed in place");
    let state = apply_and_verify(&aws, &state, full).await;
    let put = store.lock().unwrap().alarm.clone().unwrap();
    assert_eq!(put["ActionsSuppressor"], "maintenance");
    assert_eq!(
        (&put["ActionsSuppressorWaitPeriod"], &put["ActionsSuppressorExtensionPeriod"]),
        (&json!(60), &json!(120))
    );
    assert_eq!(store.lock().unwrap().tags["team"], "cache");
    let state = apply_and_verify(&aws, &state, alarm([("tags", text_map([("team", "cache")]))])).await;
    assert!(store.lock().unwrap().alarm.as_ref().unwrap()["ActionsSuppressor"].is_null());
    assert_eq!(problems(&aws.delete(&CompositeAlarm, &state).await.diags), none());
    assert_eq!(aws.read(&CompositeAlarm, &state).await.state, Value::Null);
    assert_eq!(problems(&aws.delete(&CompositeAlarm, &state).await.diags), none());
}

/// AWS ignores the tags of a request for an existing alarm, so each request has them.
#[tokio::test]
async fn alarm_deleted_after_the_plan_is_recreated_with_its_tags() {
    let (aws, store) = cloudwatch();
    let tags = || ("tags", text_map([("team", "cache")]));
    let state = apply_and_verify(&aws, &Value::Null, alarm([tags()])).await;
    *store.lock().unwrap() = Store::default();
    let config = alarm([tags(), ("alarm_description", "Changed".into())]);
    let applied = aws.update(&CompositeAlarm, &state, config).await;
    assert_eq!(problems(&applied.diags), none());
    assert_eq!(aws.read(&CompositeAlarm, &applied.state).await.state, applied.state);
    assert_eq!(store.lock().unwrap().tags["team"], "cache");
}

/// API reference of PutCompositeAlarm: the suppressor is a name or an ARN.
#[tokio::test]
async fn layout_of_the_rule_and_arn_of_the_suppressor_are_no_change() {
    let (aws, store) = cloudwatch();
    let config = alarm([
        ("alarm_rule", "ALARM(\"cpu\") OR\n  ALARM(\"memory\")\n".into()),
        ("actions_suppressor", suppressor("maintenance")),
    ]);
    let state = apply_and_verify(&aws, &Value::Null, config.clone()).await;
    {
        let mut store = store.lock().unwrap();
        let alarm = store.alarm.as_mut().unwrap();
        alarm["AlarmRule"] = json!(RULE);
        alarm["ActionsSuppressor"] = json!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:maintenance");
    }
    assert_eq!(aws.read(&CompositeAlarm, &state).await.state, state);
    let imported = aws.import(&CompositeAlarm, ARN).await;
    let plan = aws.plan_read(&CompositeAlarm, &imported, &config);
    assert_eq!((plan.planned, problems(&plan.diags)), (imported.state, none()));
}

#[tokio::test(start_paused = true)]
async fn an_existing_alarm_is_not_overwritten() {
    let (aws, store) = cloudwatch();
    let state = apply_and_verify(&aws, &Value::Null, alarm([])).await;
    let refused =
        another_run(&store).create(&CompositeAlarm, alarm([("alarm_description", "Mine".into())])).await;
    let errors = problems(&refused.diags);
    assert!(
        errors[0].starts_with("alarm_name: Alarm \"any\" already exists: The existing alarm differs"),
        "{errors:?}"
    );
    assert!(errors[0].contains("terraform import elasticache_composite_alarm.NAME any"), "{errors:?}");
    let same = another_run(&store).create(&CompositeAlarm, alarm([])).await;
    assert_eq!((same.diags.has_errors(), same.state), (false, state));
    let changed = another_run(&store)
        .create(&CompositeAlarm, alarm([("overwrite", true.into()), ("alarm_description", "Mine".into())]))
        .await;
    assert_eq!(problems(&changed.diags), none());
    assert_eq!(store.lock().unwrap().alarm.as_ref().unwrap()["AlarmDescription"], "Mine");
}

#[tokio::test]
async fn an_omitted_alarm_stays_while_its_tags_exist() {
    let (aws, _) = cloudwatch();
    let state = apply_and_verify(&aws, &Value::Null, alarm([])).await;
    let empty = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeAlarms" => call.answer_json(&json!({})),
        _ => call.answer_json(&json!({ "Tags": [] })),
    });
    let read = empty.read(&CompositeAlarm, &state).await;
    assert_eq!(read.state, state);
    assert!(problems(&read.diags)[0].contains("ListTagsForResource returns its tags"));
}

/// The attributes that hashicorp/aws 5.100.0 has in a state, by its schema.
#[tokio::test]
async fn a_state_of_hashicorp_aws_is_moved_without_a_change() {
    let (aws, _) = cloudwatch();
    let config = alarm([
        ("actions_suppressor", suppressor("maintenance")),
        ("alarm_actions", Value::set([TOPIC.into()])),
    ]);
    let ours = apply_and_verify(&aws, &Value::Null, config.clone()).await;
    let request = MoveRequest {
        provider: "registry.terraform.io/hashicorp/aws".to_owned(),
        type_name: "aws_cloudwatch_composite_alarm".to_owned(),
        version: 0,
        state: json!({
            "actions_enabled": true,
            "actions_suppressor": [{ "alarm": "maintenance", "wait_period": 60, "extension_period": 120 }],
            "alarm_actions": [TOPIC],
            "alarm_description": "",
            "alarm_name": "any",
            "alarm_rule": RULE,
            "arn": ARN,
            "id": "any",
            "insufficient_data_actions": [],
            "ok_actions": [],
            "tags": {},
            "tags_all": {},
        }),
        ..MoveRequest::default()
    };
    let moved = AnyResource::moved(&CompositeAlarm, &request).unwrap();
    let read = aws.read(&CompositeAlarm, &moved.state).await;
    assert_eq!(problems(&read.diags), none());
    assert_eq!(aws.plan(&CompositeAlarm, &read.state, &config).planned, read.state);
    assert_eq!(read.state.get("actions_suppressor"), ours.get("actions_suppressor"));
}

#[test]
fn wrong_arguments_are_errors() {
    let check = |config: &Value| problems(&AnyResource::validate(&CompositeAlarm, config));
    assert_eq!(check(&alarm([])), none());
    let twice = (0..100).map(|i| format!("(ALARM(a{i}) OR INSUFFICIENT_DATA(\"a{i}\"))")).collect::<Vec<_>>();
    assert_eq!(check(&alarm([("alarm_rule", Value::string(twice.join(" OR ")))])), none());
    let rule = (0..101).map(|i| format!("ALARM(a{i})")).collect::<Vec<_>>().join(" OR ");
    assert_eq!(
        check(&alarm([("alarm_rule", Value::string(rule))])),
        [
            "alarm_rule: Too many alarms in alarm_rule: A composite alarm accepts at most 100 different alarms, but `alarm_rule` \
             names 101. Divide them among several composite alarms, and use one composite alarm over these."
        ]
    );
    assert_eq!(
        check(&alarm([("actions_suppressor", suppressor(ARN))])),
        [
            "actions_suppressor: Alarm suppresses itself: `alarm` of `actions_suppressor` is \"any\", which is this alarm, so \
             its actions would never be performed. Use another alarm, or remove `actions_suppressor`."
        ]
    );
}

/// The settings that no argument has are repeated by each update, also by those that no read precedes.
#[tokio::test]
async fn action_configuration_survives_updates_without_a_refresh() {
    let (aws, store) = cloudwatch();
    let created = aws.create(&CompositeAlarm, alarm([])).await;
    assert_eq!(problems(&created.diags), none());
    aws.read_unchanged(&CompositeAlarm, &created).await;
    let tagged = json!({ "AlarmTagsPropagation": { "Enabled": true } });
    store.lock().unwrap().alarm.as_mut().unwrap()["ActionConfiguration"] = tagged.clone();
    let request = ReadRequest { state: created.state, private: created.private };
    let mut before = CompositeAlarm.read(&aws.provider, &aws.cancel, request).await;
    for change in [("alarm_description", "b".into()), ("alarm_description", "c".into())] {
        let changed = aws.update_read(&CompositeAlarm, &before, alarm([change])).await;
        assert_eq!(problems(&changed.diags), none());
        assert_eq!(store.lock().unwrap().alarm.as_ref().unwrap()["ActionConfiguration"], tagged);
        aws.read_unchanged(&CompositeAlarm, &changed).await;
        before = ReadResponse { state: changed.state, private: changed.private, ..ReadResponse::default() };
    }
    // A create that takes the alarm over, with and without a change of it.
    for config in [alarm([("alarm_description", "c".into())]), alarm([("overwrite", true.into())])] {
        let aws = another_run(&store);
        let taken = aws.create(&CompositeAlarm, config).await;
        assert!(!taken.diags.has_errors(), "{:?}", problems(&taken.diags));
        assert_eq!(store.lock().unwrap().alarm.as_ref().unwrap()["ActionConfiguration"], tagged);
        aws.read_unchanged(&CompositeAlarm, &taken).await;
    }
    // Another client removes the configuration between the read and the update.
    let request = ReadRequest { state: before.state, private: before.private };
    let before = CompositeAlarm.read(&aws.provider, &aws.cancel, request).await;
    store.lock().unwrap().alarm.as_mut().unwrap()["ActionConfiguration"] = json!(null);
    let changed = aws.update_read(&CompositeAlarm, &before, alarm([("alarm_description", "b".into())])).await;
    assert_eq!(problems(&changed.diags), none());
    aws.read_unchanged(&CompositeAlarm, &changed).await;
}
