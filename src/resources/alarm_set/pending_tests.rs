//! Alarms in the rule of a composite alarm outside of the set, against scripted responses of CloudWatch.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};

use super::AlarmSet;
use super::tests::object;
use crate::engine::{AnyResource, ApplyRequest, ApplyResponse, ReadRequest, ReadResponse};
use crate::resources::composite_alarm::CompositeAlarm;
use crate::resources::metric_alarm::MetricAlarm;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::Value;

const CPU: &str = "main-002-CPUUtilization";
const MEMORY: &str = "main-002-DatabaseMemoryUsagePercentage";

/// The alarms by name, with their tags.
#[derive(Default)]
struct Store(BTreeMap<String, Json>);

impl Store {
    fn answer(&mut self, call: &Call) -> Answer {
        let body = call.json();
        let texts = |member: &str| -> Vec<String> {
            body[member].as_array().into_iter().flatten().map(|it| it.as_str().unwrap().to_owned()).collect()
        };
        match call.operation.as_str() {
            "PutMetricAlarm" | "PutCompositeAlarm" => {
                let name = body["AlarmName"].as_str().unwrap().to_owned();
                let mut alarm = body.clone();
                alarm["AlarmArn"] = json!(format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}"));
                if let Some(before) = self.0.get(&name) {
                    alarm["Tags"] = before["Tags"].clone();
                }
                self.0.insert(name, alarm);
                call.answer_json(&json!({}))
            }
            "DescribeAlarms" => {
                let (names, parents_of) = (texts("AlarmNames"), body["ParentsOfAlarmName"].as_str());
                // API reference: it cannot be specified together with other parameters.
                assert!(parents_of.is_none() || body["AlarmTypes"].is_null() && names.is_empty(), "{body}");
                let is_found = |name: &String| match parents_of {
                    Some(child) => self.parents(child).contains(name),
                    None => names.contains(name),
                };
                let found = self.0.iter().filter(|(name, _)| is_found(name)).map(|(_, alarm)| alarm);
                let (composites, alarms): (Vec<_>, Vec<_>) =
                    found.partition(|alarm| !alarm["AlarmRule"].is_null());
                call.answer_json(&json!({ "MetricAlarms": alarms, "CompositeAlarms": composites }))
            }
            "DeleteAlarms" => {
                let names = texts("AlarmNames");
                let in_rules: Vec<&str> =
                    names.iter().map(String::as_str).filter(|it| !self.parents(it).is_empty()).collect();
                if !in_rules.is_empty() {
                    // AWS's words, as in ekristen/aws-nuke 462 and cloud-custodian 7763.
                    let names = in_rules.join(",");
                    let message =
                        format!("Cannot delete {names} as there are composite alarm(s) depending on it.");
                    return call.error("ValidationError", &message);
                }
                let missing = names.iter().filter(|name| self.0.remove(*name).is_none()).count();
                match missing {
                    0 => call.answer_json(&json!({})),
                    _ => call.error("ResourceNotFound", "Alarm(s) not found"),
                }
            }
            "ListTagsForResource" => {
                let arn = &body["ResourceARN"];
                match self.0.values().find(|alarm| alarm["AlarmArn"] == *arn) {
                    Some(alarm) => call.answer_json(
                        &json!({ "Tags": alarm["Tags"].as_array().cloned().unwrap_or_default() }),
                    ),
                    None => call.error("ResourceNotFoundException", "There is none."),
                }
            }
            "TagResource" | "UntagResource" => call.answer_json(&json!({})),
            other => panic!("{other} is not expected"),
        }
    }

    fn parents(&self, child: &str) -> Vec<String> {
        let rules = self.0.iter().filter_map(|(name, alarm)| Some((name, alarm["AlarmRule"].as_str()?)));
        rules.filter(|(_, rule)| rule.contains(&format!("{child:?}"))).map(|(name, _)| name.clone()).collect()
    }
}

/// One CloudWatch, which each Terraform run calls through a provider of its own.
#[derive(Clone, Default)]
struct Cloud(Arc<Mutex<Store>>);

impl Cloud {
    fn run(&self) -> FakeAws {
        let store = Arc::clone(&self.0);
        FakeAws::new(move |call| store.lock().unwrap().answer(call))
    }

    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().0.keys().cloned().collect()
    }

    /// The composite alarm `outer` with these alarms in its rule.
    async fn outer(&self, children: &[&str]) -> Value {
        let created = self.run().create(&CompositeAlarm, outer(children)).await;
        assert_eq!(problems(&created.diags), none());
        created.state
    }

    /// A set over two nodes, and the composite alarm `outer` over the CPU alarms of both; then the set of the first node
    /// alone, in a run of its own.
    async fn scaled_in(&self) -> (FakeAws, Value, ReadResponse) {
        let created = self.run().create(&AlarmSet, set(2)).await;
        assert_eq!(problems(&created.diags), none());
        let outer = self.outer(&["main-001-CPUUtilization", CPU]).await;
        let run = self.run();
        let updated = run.update(&AlarmSet, &created.state, set(1)).await;
        let warnings = problems(&updated.diags);
        assert!(!updated.diags.has_errors() && warnings.len() == 1, "{warnings:?}");
        let line = "\"main-002-CPUUtilization\" in the rule of \"outer\"";
        assert!(warnings[0].starts_with("Alarms are deleted later: "), "{warnings:?}");
        assert!(warnings[0].contains(line) && !warnings[0].contains(MEMORY), "{warnings:?}");
        let names = Value::set(
            ["main-001-CPUUtilization", "main-001-DatabaseMemoryUsagePercentage"].map(Value::from),
        );
        assert_eq!(updated.state.get("alarm_names"), &names);
        (run, outer, stored(updated))
    }

    async fn read(&self, stored: &ReadResponse) -> ReadResponse {
        let request = ReadRequest { state: stored.state.clone(), private: stored.private.clone() };
        let run = self.run();
        let read = AlarmSet.read(&run.provider, &run.cancel, request).await;
        assert_eq!(problems(&read.diags), none());
        read
    }

    async fn delete(&self, stored: &ReadResponse) -> ApplyResponse {
        let (prior, private) = (stored.state.clone(), stored.private.clone());
        let run = self.run();
        AlarmSet
            .apply(&run.provider, &run.cancel, ApplyRequest { prior, private, ..ApplyRequest::default() })
            .await
    }
}

/// The applied state as the next run reads it.
fn stored(applied: ApplyResponse) -> ReadResponse {
    ReadResponse { state: applied.state, private: applied.private, ..ReadResponse::default() }
}

fn none() -> Vec<String> {
    Vec::new()
}

/// A set of the preset `basic` over so many nodes.
fn set(nodes: usize) -> Value {
    let members = (1..=nodes).map(|node| Value::string(format!("main-{node:03}"))).collect();
    let group =
        object("replication_group", [("id", "main".into()), ("member_clusters", Value::List(members))]);
    config(
        &AlarmSet,
        [("replication_group", group), ("preset", "basic".into()), ("tags", text_map([("a", "b")]))],
    )
}

fn outer(children: &[&str]) -> Value {
    let rule: Vec<String> = children.iter().map(|child| format!("ALARM({child:?})")).collect();
    config(
        &CompositeAlarm,
        [("alarm_name", "outer".into()), ("alarm_rule", Value::string(rule.join(" OR ")))],
    )
}

#[tokio::test]
async fn alarm_in_a_rule_is_deleted_by_the_next_update_after_its_release() {
    let cloud = Cloud::default();
    let (_, state, stored) = cloud.scaled_in().await;
    assert_eq!(
        cloud.names(),
        ["main-001-CPUUtilization", "main-001-DatabaseMemoryUsagePercentage", CPU, "outer"],
        "the other stale alarm is deleted"
    );
    // While the composite alarm has it in its rule, there is nothing to do.
    let read = cloud.read(&stored).await;
    assert_eq!(read.state, stored.state);
    let plan = cloud.run().plan_read(&AlarmSet, &read, &set(1));
    assert_eq!((problems(&plan.diags), &plan.planned), (none(), &read.state));
    // Any other update keeps its name.
    let changed = || {
        let mut config = set(1);
        if let Value::Map(map) = &mut config {
            map.insert("actions_enabled".to_owned(), false.into());
        }
        config
    };
    let updated = cloud.run().update_read(&AlarmSet, &read, changed()).await;
    assert!(!updated.diags.has_errors(), "{:?}", problems(&updated.diags));
    let read = cloud.read(&self::stored(updated)).await;

    let changes = cloud.run();
    changes.update(&CompositeAlarm, &state, outer(&["main-001-CPUUtilization"])).await;
    let read = cloud.read(&read).await;
    let plan = cloud.run().plan_read(&AlarmSet, &read, &changed());
    assert!(
        problems(&plan.diags)[0].contains(&format!("the apply deletes them:\n\n  {CPU}")),
        "{:?}",
        plan.diags
    );
    assert_ne!(plan.planned, read.state, "the plan has an update");
    let updated = cloud.run().update_read(&AlarmSet, &read, changed()).await;
    assert_eq!(problems(&updated.diags), none());
    assert!(!cloud.names().contains(&CPU.to_owned()));
    let read = cloud.read(&self::stored(updated)).await;
    assert_eq!(cloud.run().plan_read(&AlarmSet, &read, &changed()).planned, read.state);
}

/// Terraform changes the composite alarm after the set, in the same apply.
#[tokio::test]
async fn change_of_the_composite_alarm_completes_the_deletion() {
    let cloud = Cloud::default();
    let (run, state, stored) = cloud.scaled_in().await;
    let changed = run.update(&CompositeAlarm, &state, outer(&["main-001-CPUUtilization"])).await;
    assert_eq!(problems(&changed.diags), none());
    assert!(!cloud.names().contains(&CPU.to_owned()));
    let read = cloud.read(&stored).await;
    assert_eq!(read.state, stored.state);
    assert_eq!(cloud.run().plan_read(&AlarmSet, &read, &set(1)).planned, read.state, "nothing is left to do");
}

#[tokio::test]
async fn deletion_of_the_composite_alarm_completes_the_deletion() {
    let cloud = Cloud::default();
    let (run, state, _) = cloud.scaled_in().await;
    assert_eq!(problems(&run.delete_replaced(&CompositeAlarm, &state).await.diags), none());
    assert_eq!(cloud.names(), ["main-001-CPUUtilization", "main-001-DatabaseMemoryUsagePercentage"]);
}

#[tokio::test]
async fn alarm_in_a_rule_that_is_desired_again_is_taken_over() {
    let cloud = Cloud::default();
    let (_, _, stored) = cloud.scaled_in().await;
    let read = cloud.read(&stored).await;
    let updated = cloud.run().update_read(&AlarmSet, &read, set(2)).await;
    assert_eq!(problems(&updated.diags), none());
    assert!(updated.state.get("alarm_names").as_elements().unwrap().contains(&CPU.into()));
    let read = cloud.read(&self::stored(updated)).await;
    assert_eq!(cloud.run().plan_read(&AlarmSet, &read, &set(2)).planned, read.state);
    assert_eq!(cloud.names().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn deletion_of_the_set_deletes_the_alarm_in_a_rule() {
    let cloud = Cloud::default();
    let (_, state, stored) = cloud.scaled_in().await;
    let refused = problems(&cloud.delete(&stored).await.diags);
    assert!(refused[0].starts_with("Failed to delete the alarms of \"main\": "), "{refused:?}");
    for part in [CPU, "in the rule of \"outer\"", "create_before_destroy", "depending on it", "r-1"] {
        assert!(refused[0].contains(part), "{part}: {refused:?}");
    }
    assert_eq!(problems(&cloud.run().delete(&CompositeAlarm, &state).await.diags), none());
    assert_eq!(problems(&cloud.delete(&stored).await.diags), none());
    assert_eq!(cloud.names(), [""; 0]);
}

/// One alarm with the name `cpu`, and `outer` over it.
async fn alarm_in_a_rule(cloud: &Cloud) -> (Value, Value) {
    let alarm = config(
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
    let created = cloud.run().create(&MetricAlarm, alarm).await;
    assert_eq!(problems(&created.diags), none());
    (created.state, cloud.outer(&["cpu"]).await)
}

/// Terraform deletes an alarm before it changes the composite alarm, so waiting any longer is in vain.
#[tokio::test(start_paused = true)]
async fn deletion_of_an_alarm_in_a_rule_fails_soon_and_names_the_composite_alarm() {
    let cloud = Cloud::default();
    let (alarm, _) = alarm_in_a_rule(&cloud).await;
    let started = tokio::time::Instant::now();
    let refused = cloud.run().delete(&MetricAlarm, &alarm).await;
    let seconds = started.elapsed().as_secs();
    assert!((15..30).contains(&seconds), "{seconds}");
    let errors = problems(&refused.diags);
    assert!(errors[0].starts_with("Failed to delete alarm \"cpu\": "), "{errors:?}");
    assert!(errors[0].contains("\"cpu\" in the rule of \"outer\""), "{errors:?}");
    assert!(errors[0].contains("create_before_destroy"), "{errors:?}");
    assert_eq!(refused.state, alarm);
}

#[tokio::test(start_paused = true)]
async fn deletion_of_an_alarm_waits_for_the_change_of_the_composite_alarm() {
    let cloud = Cloud::default();
    let (alarm, state) = alarm_in_a_rule(&cloud).await;
    let run = cloud.run();
    let change = async {
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        run.update(&CompositeAlarm, &state, outer(&["other"])).await
    };
    let (deleted, changed) = tokio::join!(run.delete_replaced(&MetricAlarm, &alarm), change);
    assert_eq!((problems(&deleted.diags), problems(&changed.diags)), (none(), none()));
    assert_eq!(cloud.names(), ["outer"]);
}
