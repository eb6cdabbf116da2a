//! Plans of an alarm set.

use super::AlarmSet;
use super::attributes::{AlarmSetModel, MetricModel};
use super::{presets, serverless};
use crate::diag::Severity;
use crate::engine::AnyResource;
use crate::schema::Object as _;
use crate::testing::aws::{FakeAws, config, problems};
use crate::value::Value;

/// An object for a nested attribute. Omitted arguments are null.
pub(super) fn object<const N: usize>(attribute: &str, entries: [(&'static str, Value); N]) -> Value {
    let nested = AlarmSetModel::resource_schema()
        .block
        .attribute(attribute)
        .and_then(|it| it.nested.as_ref())
        .unwrap();
    Value::map(nested.attributes.iter().map(|it| (it.name, Value::Null)).chain(entries))
}

/// A set for one node with this argument.
fn set(argument: &'static str, value: Value) -> Value {
    let members = Value::List(vec!["main-001".into()]);
    let group = object("replication_group", [("id", "main".into()), ("member_clusters", members)]);
    config(&AlarmSet, [("replication_group", group), ("region", "us-east-1".into()), (argument, value)])
}

/// The set with this topic as an action of the set, of a metric, and of the composite alarm; each with the path of the
/// argument and its full name.
fn with_topic(actions: &'static str, topic: &str) -> [(Value, String, String); 3] {
    let topic = || Value::set([Value::from(topic)]);
    let metric = Value::map([("CPUUtilization", object("metrics", [(actions, topic())]))]);
    [
        (set(actions, topic()), actions.to_owned(), actions.to_owned()),
        (
            set("metrics", metric),
            "metrics[\"CPUUtilization\"]".to_owned(),
            format!("metrics[\"CPUUtilization\"].{actions}"),
        ),
        (
            set("composite_alarm", object("composite_alarm", [(actions, topic())])),
            format!("composite_alarm[\"{actions}\"]"),
            format!("composite_alarm.{actions}"),
        ),
    ]
}

/// Faults J16 and K14: Terraform points at the line of an entry only.
#[test]
fn plan_rejects_a_topic_of_another_region() {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    for actions in ["alarm_actions", "ok_actions", "insufficient_data_actions"] {
        for (set, place, name) in with_topic(actions, "arn:aws:sns:eu-west-1:111122223333:ops") {
            assert_eq!(problems(&AlarmSet.validate(&set)), [""; 0], "{name}: the Region is unknown");
            let plan = aws.plan(&AlarmSet, &Value::Null, &set);
            let errors: Vec<_> = plan.diags.iter().filter(|it| it.severity == Severity::Error).collect();
            assert_eq!(errors.len(), 1, "{name}: {errors:?}");
            assert_eq!(errors[0].summary, format!("Invalid {name}"));
            assert_eq!(errors[0].path.as_ref().map(ToString::to_string), Some(place));
            assert!(
                errors[0].detail.contains("is in eu-west-1, but the object is in us-east-1"),
                "{errors:?}"
            );
        }
        for topic in
            ["arn:aws:sns:us-east-1:111122223333:ops", "arn:aws:lambda:eu-west-1:111122223333:function:f"]
        {
            for (set, _, name) in with_topic(actions, topic) {
                let plan = aws.plan(&AlarmSet, &Value::Null, &set);
                assert_eq!(problems(&plan.diags), [""; 0], "{name}: {topic}");
            }
        }
    }
}

/// Fault K14.
#[test]
fn error_in_an_entry_has_the_path_of_the_entry() {
    let of = |entries: [(&'static str, Value); 1]| {
        let metrics = Value::map([("CPUUtilization", object("metrics", entries))]);
        let diags = AlarmSet.validate(&set("metrics", metrics));
        let found =
            diags.iter().map(|it| (it.summary.clone(), it.path.clone().unwrap_or_default().to_string()));
        found.collect::<Vec<_>>()
    };
    for (argument, value) in [
        ("period", Value::from(90)),
        ("evaluation_periods", Value::from(289)),
        ("datapoints_to_alarm", Value::from(3)),
        ("scope", Value::from("group")),
        ("comparison_operator", Value::from(">")),
    ] {
        let summary = format!("Invalid metrics[\"CPUUtilization\"].{argument}");
        assert_eq!(of([(argument, value)]), [(summary, "metrics[\"CPUUtilization\"]".to_owned())]);
    }
}

#[test]
fn descriptions_name_every_preset_and_every_metric_with_defaults() {
    let texts: String = AlarmSetModel::block()
        .attributes
        .iter()
        .chain(&MetricModel::block().attributes)
        .map(|attribute| attribute.description.clone())
        .collect();
    for it in presets::BUILT_IN.iter().chain(serverless::BUILT_IN) {
        assert!(texts.contains(it.metric), "{}", it.metric);
    }
    for name in presets::NAMES {
        assert!(texts.contains(&format!("`{name}`")), "{name}");
    }
}

/// A set over a replication group in this Region, without a Region of its own, with a topic there.
fn set_in(region: &str) -> Value {
    let members = Value::List(vec!["main-001".into()]);
    let group = object(
        "replication_group",
        [("id", "main".into()), ("member_clusters", members), ("region", region.into())],
    );
    let topic = Value::string(format!("arn:aws:sns:{region}:111122223333:ops"));
    config(&AlarmSet, [("replication_group", group), ("alarm_actions", Value::set([topic]))])
}

#[test]
fn set_follows_a_replication_group_into_another_region() {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    let created = aws.plan(&AlarmSet, &Value::Null, &set_in("eu-west-1"));
    assert_eq!(problems(&created.diags), [""; 0]);
    assert_eq!(created.planned.get("region"), &Value::from("eu-west-1"));
    let state = created.planned.unknown_to_null();
    let moved = aws.plan(&AlarmSet, &state, &set_in("eu-central-1"));
    assert_eq!(problems(&moved.diags), [""; 0]);
    assert_eq!(moved.planned.get("region"), &Value::from("eu-central-1"));
    let replaced: Vec<String> = moved.replace.iter().map(ToString::to_string).collect();
    assert_eq!(replaced, ["region"]);
    // A configured Region is not changed.
    let mut config = set_in("eu-central-1");
    if let Value::Map(map) = &mut config {
        map.insert("region".to_owned(), "eu-west-1".into());
    }
    let refused = problems(&aws.plan(&AlarmSet, &state, &config).diags);
    assert!(
        refused.iter().any(|it| it.starts_with("region: Replication group is in another Region")),
        "{refused:?}"
    );
}

/// A serverless cache with this engine and without limits.
fn serverless_cache(engine: &'static str) -> FakeAws {
    FakeAws::new(move |call| {
        match call.operation.as_str() {
        "DescribeServerlessCaches" => call.xml(&format!(
            "<ServerlessCaches><member><ServerlessCacheName>main</ServerlessCacheName><Status>available</Status>\
             <Engine>{engine}</Engine>\
             <ARN>arn:aws:elasticache:us-east-1:111122223333:serverlesscache:main</ARN></member></ServerlessCaches>"
        )),
        "DescribeAlarms" => call.answer_json(&serde_json::json!({})),
        other => panic!("{other} is not expected"),
    }
    })
}

/// User guide, "Metrics for ElastiCache Serverless for Memcached".
#[tokio::test]
async fn memcached_has_no_alarm_on_the_hit_rate() {
    let with = |metrics: [(&'static str, Value); 2]| {
        config(&AlarmSet, [("serverless_cache_name", "main".into()), ("metrics", Value::map(metrics))])
    };
    let off = || object("metrics", [("enabled", false.into())]);
    let plain = || with([("Evictions", off()), ("CacheHits", off())]);
    for (engine, has_hit_rate) in [("memcached", false), ("valkey", true)] {
        let aws = serverless_cache(engine);
        // Until AWS returns the engine, the alarms are unknown.
        let created = aws.plan(&AlarmSet, &Value::Null, &plain());
        assert!(created.planned.get("alarm_names").is_unknown());
        assert!(created.planned.get("serverless_cache_engine").is_unknown());
        let mut state = created.planned.unknown_to_null();
        if let Value::Map(map) = &mut state {
            map.insert("alarms".to_owned(), Value::map::<&str>([]));
            map.insert("composite_alarms".to_owned(), Value::map::<&str>([]));
            map.insert("region".to_owned(), "us-east-1".into());
        }
        let read = aws.read(&AlarmSet, &state).await;
        assert_eq!(problems(&read.diags), [""; 0]);
        assert_eq!(read.state.get("serverless_cache_engine"), &Value::from(engine));
        let plan = aws.plan_read(&AlarmSet, &read, &plain());
        assert_eq!(problems(&plan.diags), [""; 0]);
        let names = plan.planned.get("alarm_names").as_elements().unwrap().to_vec();
        assert_eq!(names.contains(&"main-CacheHitRate".into()), has_hit_rate, "{engine}: {names:?}");
        // An alarm that the configuration asks for is created, with a warning.
        let own = object("metrics", [("threshold", 50.into())]);
        let plan = aws.plan_read(&AlarmSet, &read, &with([("CacheHitRate", own), ("CacheHits", off())]));
        assert!(plan.planned.get("alarm_names").as_elements().unwrap().contains(&"main-CacheHitRate".into()));
        let warnings = problems(&plan.diags);
        match has_hit_rate {
            true => assert_eq!(warnings, [""; 0]),
            false => assert!(
                warnings[0].starts_with("metrics[\"CacheHitRate\"]: Metric is not published: "),
                "{warnings:?}"
            ),
        }
    }
}
