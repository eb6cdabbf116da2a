//! Alarms on PromQL queries, wall clock windows and warm-up periods.

use serde_json::json;

use super::resource::{alarm, apply_and_verify, cloudwatch, none};
use super::{CriteriaModel, MetricAlarm, PromQlModel, WallClockModel, WarmUpModel, WindowModel, object};
use crate::engine::AnyResource;
use crate::testing::aws::{config, problems};
use crate::value::Value;

const QUERY: &str = "cache_memory_ratio > 0.9";

fn one(block: Value) -> Value {
    Value::List(vec![block])
}

fn criteria(periods: Option<(i64, i64)>) -> Value {
    let mut entries = vec![("query", Value::from(QUERY))];
    if let Some((pending, recovery)) = periods {
        entries.extend([("pending_period", pending.into()), ("recovery_period", recovery.into())]);
    }
    let mut promql = object::<PromQlModel, 0>([]);
    if let Value::Map(map) = &mut promql {
        map.extend(entries.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    one(object::<CriteriaModel, 1>([("promql_criteria", one(promql))]))
}

fn window(timezone: Value) -> Value {
    let clock = object::<WallClockModel, 1>([("timezone", timezone)]);
    one(object::<WindowModel, 1>([("wall_clock_window", one(clock))]))
}

fn warm_up(minutes: i64, only_after: Value) -> Value {
    one(object::<WarmUpModel, 2>([
        ("warm_up_period_duration_in_minutes", minutes.into()),
        ("only_start_evaluating_after_warm_up_period_ends", only_after),
    ]))
}

/// An alarm on a PromQL query with these further arguments.
fn promql<const N: usize>(more: [(&str, Value); N]) -> Value {
    let mut alarm = config(
        &MetricAlarm,
        [
            ("alarm_name", "cpu".into()),
            ("evaluation_criteria", criteria(None)),
            ("evaluation_interval", 60.into()),
        ],
    );
    if let Value::Map(map) = &mut alarm {
        map.extend(more.map(|(key, value)| (key.to_owned(), value)));
    }
    alarm
}

fn check(config: &Value) -> Vec<String> {
    problems(&AnyResource::validate(&MetricAlarm, config))
}

/// API reference of PutMetricAlarm, EvaluationCriteria: no other evaluation parameter is accepted.
#[tokio::test]
async fn alarm_on_a_promql_query_sends_only_its_own_settings() {
    let (aws, store) = cloudwatch();
    let state = apply_and_verify(&aws, &Value::Null, promql([])).await;
    let put = store.lock().unwrap().alarm.clone().unwrap();
    let promql_criteria = json!({ "Query": QUERY, "PendingPeriod": 0, "RecoveryPeriod": 0 });
    assert_eq!(put["EvaluationCriteria"], json!({ "PromQLCriteria": promql_criteria }));
    assert_eq!(put["EvaluationInterval"], 60);
    for absent in [
        "TreatMissingData",
        "Threshold",
        "ComparisonOperator",
        "EvaluationPeriods",
        "DatapointsToAlarm",
        "MetricName",
        "Metrics",
        "EvaluationWindow",
    ] {
        assert!(put[absent].is_null(), "{absent}");
    }
    let changed = promql([
        ("evaluation_criteria", criteria(Some((300, 600)))),
        ("treat_missing_data", "notBreaching".into()),
    ]);
    let state = apply_and_verify(&aws, &state, changed.clone()).await;
    let put = store.lock().unwrap().alarm.clone().unwrap();
    assert_eq!(put["EvaluationCriteria"]["PromQLCriteria"]["RecoveryPeriod"], 600);
    assert!(put["TreatMissingData"].is_null());
    let imported = aws.import(&MetricAlarm, "cpu").await;
    let plan = aws.plan_read(
        &MetricAlarm,
        &imported,
        &promql([("evaluation_criteria", criteria(Some((300, 600))))]),
    );
    assert_eq!((plan.planned, problems(&plan.diags)), (imported.state, none()));
    // From a query to a metric, in place.
    let state = apply_and_verify(&aws, &state, alarm([])).await;
    assert!(store.lock().unwrap().alarm.as_ref().unwrap()["EvaluationCriteria"].is_null());
    assert_eq!(state.get("evaluation_criteria"), &Value::List(Vec::new()));
}

#[tokio::test]
async fn window_and_warm_up_are_set_and_removed() {
    let (aws, store) = cloudwatch();
    let config = alarm([
        ("evaluation_window", window("Asia/Jakarta".into())),
        ("warm_up_configuration", warm_up(30, true.into())),
    ]);
    let state = apply_and_verify(&aws, &Value::Null, config).await;
    let put = store.lock().unwrap().alarm.clone().unwrap();
    assert_eq!(put["EvaluationWindow"], json!({ "WallClockWindow": { "Timezone": "Asia/Jakarta" } }));
    assert_eq!(
        put["WarmUpConfiguration"],
        json!({ "WarmUpPeriodDurationInMinutes": 30, "OnlyStartEvaluatingAfterWarmUpPeriodEnds": true })
    );
    let defaults =
        alarm([("evaluation_window", window("".into())), ("warm_up_configuration", warm_up(5, Value::Null))]);
    let state = apply_and_verify(&aws, &state, defaults).await;
    let put = store.lock().unwrap().alarm.clone().unwrap();
    assert_eq!(put["EvaluationWindow"], json!({ "WallClockWindow": {} }));
    assert_eq!(put["WarmUpConfiguration"]["OnlyStartEvaluatingAfterWarmUpPeriodEnds"], false);
    apply_and_verify(&aws, &state, alarm([])).await;
    let put = store.lock().unwrap().alarm.clone().unwrap();
    assert!(put["EvaluationWindow"].is_null() && put["WarmUpConfiguration"].is_null());
    // AWS may return the default, a window that slides.
    store.lock().unwrap().alarm.as_mut().unwrap()["EvaluationWindow"] = json!({ "SlidingWindow": {} });
    let read = aws.import(&MetricAlarm, "cpu").await.state;
    assert_eq!(read.get("evaluation_window"), &Value::List(Vec::new()));
}

#[test]
fn a_query_excludes_metric_and_threshold() {
    assert_eq!(check(&promql([])), none());
    let conflict = |name: &str| {
        format!(
            "{name}: Conflicting arguments: `{name}` and `evaluation_criteria` cannot be set together: the PromQL query \
             selects the data and compares it. Remove `{name}`."
        )
    };
    assert_eq!(
        check(&promql([("metric_name", "CPUUtilization".into()), ("threshold", 1.into())])),
        [conflict("metric_name"), conflict("threshold")]
    );
    assert_eq!(check(&promql([("evaluation_window", window(Value::Null))])), [conflict("evaluation_window")]);
    assert_eq!(
        check(&promql([("evaluation_interval", Value::Null)])),
        [
            "evaluation_interval: Missing evaluation_interval: CloudWatch evaluates a PromQL query at a fixed interval. Set \
             `evaluation_interval` to a number of seconds, such as 60."
        ]
    );
    assert_eq!(
        check(&promql([(
            "evaluation_criteria",
            one(object::<CriteriaModel, 1>([("promql_criteria", Value::List(Vec::new()))]))
        )])),
        [
            "evaluation_criteria: Missing promql_criteria: The block `evaluation_criteria` has no query. Add a \
             `promql_criteria` block with `query`."
        ]
    );
    assert_eq!(
        check(&promql([("treat_missing_data", "ignore".into())])),
        [
            "treat_missing_data: treat_missing_data has no effect: CloudWatch does not apply `treat_missing_data` to a PromQL \
             query, which returns breaching data only. Remove it."
        ]
    );
}

#[test]
fn a_wall_clock_window_needs_a_period_of_the_clock() {
    assert_eq!(check(&alarm([("evaluation_window", window("UTC".into()))])), none());
    assert_eq!(
        check(&alarm([("evaluation_window", window("UTC".into())), ("period", 120.into())])),
        [
            "period: Invalid period for a wall clock window: `period` must be 60, 300, 3600, 86400 or 604800 with a \
             `wall_clock_window`, but is 120. Change it, or remove `evaluation_window`."
        ]
    );
    let empty = one(object::<WindowModel, 1>([("wall_clock_window", Value::List(Vec::new()))]));
    assert_eq!(
        check(&alarm([("evaluation_window", empty)])),
        [
            "evaluation_window: Empty evaluation_window: The block `evaluation_window` selects no window. Add a \
             `wall_clock_window` block, or remove `evaluation_window` for the default, a range that slides."
        ]
    );
    assert_eq!(
        check(&alarm([("evaluation_interval", 60.into())])),
        [
            "evaluation_interval: Missing evaluation_criteria: CloudWatch accepts `evaluation_interval` only with \
             `evaluation_criteria`. Add the block, or remove `evaluation_interval`."
        ]
    );
}
