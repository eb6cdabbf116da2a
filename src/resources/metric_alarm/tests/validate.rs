//! Exact texts of errors and warnings before the first call.

use super::{MetricAlarm, MetricModel, QueryModel, object};
use crate::engine::AnyResource;
use crate::testing::aws::{config, problems, text_map};
use crate::value::Value;

/// The problems of an alarm on a metric, with these arguments instead.
fn check<const N: usize>(more: [(&str, Value); N]) -> Vec<String> {
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
            ("threshold", 0.into()),
        ],
    );
    if let Value::Map(map) = &mut alarm {
        map.extend(more.map(|(key, value)| (key.to_owned(), value)));
    }
    problems(&MetricAlarm.validate(&alarm))
}

/// The problems of an alarm on these queries.
fn check_queries<const N: usize>(queries: Vec<Value>, more: [(&str, Value); N]) -> Vec<String> {
    let mut alarm = config(
        &MetricAlarm,
        [
            ("alarm_name", "cpu".into()),
            ("comparison_operator", "GreaterThanThreshold".into()),
            ("evaluation_periods", 2.into()),
            ("threshold", 0.into()),
            ("metric_query", Value::set(queries)),
        ],
    );
    if let Value::Map(map) = &mut alarm {
        map.extend(more.map(|(key, value)| (key.to_owned(), value)));
    }
    problems(&MetricAlarm.validate(&alarm))
}

fn query(id: &str, expression: Value, metric: bool, watched: bool) -> Value {
    let stat = object::<MetricModel, 3>([
        ("metric_name", "CacheHits".into()),
        ("period", 60.into()),
        ("stat", "Sum".into()),
    ]);
    object::<QueryModel, 4>([
        ("id", id.into()),
        ("expression", expression),
        ("metric", Value::List(if metric { vec![stat] } else { Vec::new() })),
        ("return_data", watched.into()),
    ])
}

const NONE: [&str; 0] = [];

#[test]
fn missing_arguments_are_errors() {
    assert_eq!(check([]), NONE);
    assert_eq!(
        check([("metric_name", Value::Null)]),
        [
            "metric_name: Missing metric_name: An alarm requires a metric. Set `metric_name`, or add `metric_query` blocks or \
             `evaluation_criteria`."
        ]
    );
    assert_eq!(
        check([("comparison_operator", "".into())]),
        [
            "comparison_operator: Missing comparison_operator: An alarm compares a value with a threshold. Set \
             `comparison_operator`."
        ]
    );
    assert_eq!(
        check([("threshold", Value::Null)]),
        [
            "threshold: Missing threshold: An alarm compares a value with a threshold, which has no default. Set \
             `threshold`."
        ]
    );
    assert_eq!(
        check([("statistic", Value::Null), ("period", Value::Null), ("namespace", "".into())]),
        [
            "namespace: Missing namespace: CloudWatch identifies a metric by name and namespace. Set `namespace`, for example \
             to \"AWS/ElastiCache\".",
            "period: Missing period: An alarm on a metric requires the length of a data point in seconds. Set `period`.",
            "statistic: Missing statistic: An alarm on a metric requires a statistic. Set `statistic` or \
             `extended_statistic`.",
        ]
    );
    assert_eq!(
        check([("evaluation_periods", Value::Null)]),
        ["evaluation_periods: Missing evaluation_periods: An alarm evaluates at least one period. Set \
          `evaluation_periods`."]
    );
    assert_eq!(
        check([("comparison_operator", "LessThanLowerThreshold".into())]),
        ["threshold_metric_id: Missing threshold_metric_id: The value of `comparison_operator` compares \
             with the band of an ANOMALY_DETECTION_BAND expression. Set `threshold_metric_id` to the `id` of \
             its `metric_query`."]
    );
}

#[test]
fn unknown_values_are_accepted() {
    let unknown = |name| (name, Value::Unknown);
    assert_eq!(
        check([
            unknown("metric_name"),
            unknown("namespace"),
            unknown("period"),
            unknown("statistic"),
            unknown("threshold"),
            unknown("comparison_operator"),
            unknown("evaluation_periods"),
            unknown("dimensions"),
            unknown("alarm_actions"),
            unknown("metric_query"),
        ]),
        NONE
    );
    let dimensions = Value::map([("CacheClusterId", Value::Unknown)]);
    assert_eq!(check([("dimensions", dimensions), ("alarm_actions", Value::set([Value::Unknown]))]), NONE);
}

#[test]
fn invalid_values_are_errors() {
    assert_eq!(
        check([("period", 45.into())]),
        ["period: Invalid period: `period` must be 10, 20, 30 or a multiple of 60 (seconds), but is 45."]
    );
    assert_eq!(
        check([("statistic", "Avg".into())]),
        [
            "statistic: Invalid statistic: `statistic` must be one of \"SampleCount\", \"Average\", \"Sum\", \"Minimum\", \
          \"Maximum\", but is \"Avg\"."
        ]
    );
    assert_eq!(
        check([("extended_statistic", "p95".into())]),
        [
            "statistic: Conflicting arguments: `statistic` and `extended_statistic` cannot be set together. Remove one of \
          them."
        ]
    );
    assert_eq!(
        check([("alarm_actions", Value::set(["the-alerts".into()]))]),
        [
            "alarm_actions: Invalid alarm_actions: each element of `alarm_actions` must be the ARN of an action, such as \
          that of an SNS topic, but is \"the-alerts\"."
        ]
    );
    assert_eq!(
        check([("treat_missing_data", "bad".into())]),
        [
            "treat_missing_data: Invalid treat_missing_data: `treat_missing_data` must be one of \"missing\", \"breaching\", \
          \"notBreaching\", \"ignore\", but is \"bad\"."
        ]
    );
    assert_eq!(
        check([("dimensions", text_map([("CacheClusterId", "")]))]),
        [
            "dimensions: Invalid dimensions: `dimensions` must have values of 1 to 1024 characters, but that of \
          \"CacheClusterId\" is empty."
        ]
    );
    assert_eq!(
        check([("datapoints_to_alarm", 3.into())]),
        [
            "datapoints_to_alarm: Invalid datapoints_to_alarm: `datapoints_to_alarm` must be at most `evaluation_periods`, \
             which is 2, but is 3."
        ]
    );
    assert_eq!(
        check([("evaluation_periods", 289.into())]),
        [
            "evaluation_periods: Invalid evaluation_periods: `evaluation_periods` times `period` must be at most a day \
             (86400 seconds) with this period, but is 86700."
        ]
    );
    assert_eq!(check([("period", 3600.into()), ("evaluation_periods", 168.into())]), NONE);
    let six: Vec<_> = (0..6).map(|i| Value::from(format!("arn:aws:sns:us-east-1:1:{i}").as_str())).collect();
    assert_eq!(
        check([("ok_actions", Value::set(six))]),
        ["ok_actions: Invalid ok_actions: `ok_actions` must have at most 5 elements, but has 6."]
    );
    for action in [
        "arn:aws:automate:us-east-1:ec2:reboot",
        "arn:aws:swf:us-east-1:123456789012:action/actions/AWS_EC2.InstanceId.Stop/1.0",
        "arn:aws:ssm-incidents::123456789012:responseplan/x",
        "arn:aws-us-gov:sns:us-gov-west-1:123456789012:topic",
    ] {
        assert_eq!(check([("alarm_actions", Value::set([action.into()]))]), NONE, "{action}");
    }
}

#[test]
fn extended_statistics_are_those_of_cloudwatch() {
    let check = |text: &str| check([("statistic", Value::Null), ("extended_statistic", text.into())]);
    for valid in [
        "p88.0",
        "p0.0",
        "p100",
        "p95",
        "tm90",
        "wm98",
        "tc90",
        "ts90",
        "IQM",
        "TM(2%:98%)",
        "TM(150:1000)",
        "PR(:300)",
        "PR(100:2000)",
        "TC(0.005:0.030)",
        "TC(:0.5)",
        "TS(80%:)",
        "WM(10%:90%)",
    ] {
        assert_eq!(check(valid), NONE, "{valid}");
    }
    for invalid in [
        "IQM(1:2)",
        "iqm10",
        "PR(5%:10%)",
        "TC(:)",
        "WM",
        "p",
        "AB(1:2)",
        "cd42",
        "p101",
        "TM(2%:98)",
        "p95 ",
    ] {
        assert_eq!(check(invalid).len(), 1, "{invalid}");
    }
}

#[test]
fn invalid_queries_are_errors() {
    let metric = || query("m1", Value::Null, true, false);
    let expression = |watched| query("e1", "m1 * 2".into(), false, watched);
    assert_eq!(check_queries(vec![metric(), expression(true)], []), NONE);
    assert_eq!(
        check_queries(vec![metric(), expression(false)], []),
        ["metric_query: Ambiguous query of the alarm: An alarm compares one query with the threshold, but \
             0 `metric_query` blocks have `return_data = true`. Set it in exactly one."]
    );
    assert_eq!(
        check_queries(vec![query("e1", "1".into(), true, true)], []),
        [
            "metric_query: Conflicting arguments: The `metric_query` \"e1\" has `expression` and a metric block, which exclude \
             each other. Remove one of them."
        ]
    );
    assert_eq!(
        check_queries(vec![query("e1", "".into(), false, true)], []),
        [
            "metric_query: Empty metric_query: The `metric_query` \"e1\" has neither `expression` nor a metric block. Add one \
             of them."
        ]
    );
    assert_eq!(
        check_queries(vec![metric(), query("m1", "2".into(), false, true)], []),
        [
            "metric_query: Duplicate ID of a metric_query: Two `metric_query` blocks have the `id` \"m1\". Use \
             a different `id` for each."
        ]
    );
    assert_eq!(
        check_queries(
            vec![expression(true)],
            [
                ("metric_name", "x".into()),
                ("namespace", "y".into()),
                ("period", 60.into()),
                ("statistic", "Sum".into())
            ]
        )
        .len(),
        4
    );
    assert_eq!(
        check_queries(vec![expression(true)], [("unit", "Count".into())]),
        [
            "unit: Conflicting arguments: `unit` and `metric_query` cannot be set together. Set `unit` in the `metric` block of \
             a `metric_query`."
        ]
    );
    assert_eq!(
        check_queries(vec![expression(true)], [("metric_name", "x".into())]).len(),
        1,
        "a conflicting metric_name requires no further arguments"
    );
    let band = [
        ("comparison_operator", "GreaterThanUpperThreshold".into()),
        ("threshold", Value::Null),
        ("threshold_metric_id", "e2".into()),
    ];
    assert_eq!(
        check_queries(vec![expression(true)], band),
        ["threshold_metric_id: Invalid threshold_metric_id: `threshold_metric_id` is \"e2\", but no \
             `metric_query` has this `id`. Use the `id` of the `metric_query` with the band."]
    );
}

/// Fault K20.
#[test]
fn empty_value_of_a_dimension_is_an_error() {
    assert_eq!(
        check([("dimensions", text_map([("CacheClusterId", "")]))]),
        [
            "dimensions: Invalid dimensions: `dimensions` must have values of 1 to 1024 characters, but that of \
          \"CacheClusterId\" is empty."
        ]
    );
}

/// Fault J16.
#[test]
fn plan_rejects_a_topic_of_another_region() {
    let aws = crate::testing::aws::FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    let plan = |arn: &str| {
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
                ("threshold", 0.into()),
                ("alarm_actions", Value::set([Value::from(arn)])),
            ],
        );
        problems(&aws.plan(&MetricAlarm, &Value::Null, &alarm).diags)
    };
    let other = plan("arn:aws:sns:eu-west-1:111122223333:ops");
    assert!(other[0].starts_with("alarm_actions: Invalid alarm_actions: "), "{other:?}");
    assert!(other[0].contains("is in eu-west-1, but the object is in us-east-1"), "{other:?}");
    for valid in [
        "arn:aws:sns:us-east-1:111122223333:ops",
        "arn:aws:lambda:eu-west-1:111122223333:function:f",
        "ab12cd34",
    ] {
        assert_eq!(plan(valid), [""; 0], "{valid}");
    }
}

/// Fault J23.
#[test]
fn upper_case_id_in_a_dimension_is_warned_of() {
    let warnings =
        check([("dimensions", text_map([("CacheClusterId", "Demo-001"), ("CacheNodeId", "0001")]))]);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].starts_with("dimensions: CacheClusterId is not in lower case")
            && warnings[0].contains("\"demo-001\"")
    );
    assert_eq!(
        check([("dimensions", text_map([("CacheClusterId", "demo-001"), ("CacheNodeId", "0001")]))]),
        [""; 0]
    );
}

/// AWS ignores the argument for other statistics.
#[test]
fn percentile_argument_without_a_percentile_is_warned_of() {
    let ignored = ("evaluate_low_sample_count_percentiles", Value::from("ignore"));
    assert!(check([ignored.clone()])[0].contains("has no effect"));
    assert_eq!(check([ignored, ("statistic", Value::Null), ("extended_statistic", "p95".into())]), [""; 0]);
}
