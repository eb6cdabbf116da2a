//! What fails before anything is asked of AWS, word for word.

use super::MetricAlarm;
use super::model::{MetricModel, QueryModel};
use crate::engine::AnyResource;
use crate::testing::aws::{config, problems, text_map};
use crate::value::{Model, Value};

/// The problems of an alarm on a metric, with these attributes instead.
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

fn object<M: Model, const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut object = M::default().into_value();
    if let Value::Map(map) = &mut object {
        map.extend(entries.map(|(key, value)| (key.to_owned(), value)));
    }
    object
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
fn an_alarm_needs_all_its_parts() {
    assert_eq!(check([]), NONE);
    assert_eq!(
        check([("metric_name", Value::Null)]),
        [
            "metric_name: Missing metric_name: An alarm watches a metric, or an expression in metric_query blocks. Give \
          metric_name."
        ]
    );
    assert_eq!(
        check([("comparison_operator", "".into())]),
        [
            "comparison_operator: Missing comparison_operator: An alarm compares a value with a threshold. Give \
          comparison_operator."
        ]
    );
    assert_eq!(
        check([("threshold", Value::Null)]),
        [
            "threshold: Missing threshold: The value is compared with a threshold; nothing is assumed for it, not even 0. \
          Give threshold."
        ]
    );
    assert_eq!(
        check([("statistic", Value::Null), ("period", Value::Null), ("namespace", "".into())]),
        [
            "namespace: Missing namespace: A metric is found by name and namespace, such as \"AWS/ElastiCache\". Give \
             namespace.",
            "period: Missing period: An alarm on a metric needs to know how many seconds a data point covers. Give \
             period.",
            "statistic: Missing statistic: An alarm on a metric needs a statistic or an extended_statistic. Give \
             statistic.",
        ]
    );
    assert_eq!(
        check([("evaluation_periods", Value::Null)]),
        ["evaluation_periods: Missing evaluation_periods: An alarm looks at one period or more. Give \
          evaluation_periods."]
    );
    assert_eq!(
        check([("comparison_operator", "LessThanLowerThreshold".into())]),
        [
            "threshold_metric_id: Missing threshold_metric_id: This comparison_operator compares with the band of an \
          ANOMALY_DETECTION_BAND expression. Give threshold_metric_id."
        ]
    );
}

#[test]
fn what_is_unknown_passes() {
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
fn checks_each_value() {
    assert_eq!(
        check([("period", 45.into())]),
        ["period: Invalid period: period must be 10, 20, 30 or a multiple of 60 (seconds), but is 45."]
    );
    assert_eq!(
        check([("statistic", "Avg".into())]),
        [
            "statistic: Invalid statistic: statistic must be one of \"SampleCount\", \"Average\", \"Sum\", \"Minimum\", \
          \"Maximum\", but is \"Avg\"."
        ]
    );
    assert_eq!(
        check([("extended_statistic", "p95".into())]),
        [
            "statistic: Conflicting arguments: statistic and extended_statistic cannot be given together; remove one of \
          them."
        ]
    );
    assert_eq!(
        check([("alarm_actions", Value::set(["the-alerts".into()]))]),
        [
            "alarm_actions: Invalid alarm_actions: each element of alarm_actions must be the ARN of an action, such as \
          that of an SNS topic, but is \"the-alerts\"."
        ]
    );
    assert_eq!(
        check([("treat_missing_data", "bad".into())]),
        [
            "treat_missing_data: Invalid treat_missing_data: treat_missing_data must be one of \"missing\", \"breaching\", \
          \"notBreaching\", \"ignore\", but is \"bad\"."
        ]
    );
    assert_eq!(
        check([("dimensions", text_map([("CacheClusterId", "")]))]),
        ["dimensions: Invalid dimensions: dimensions must have values of 1 to 1024 characters, but that of \
          \"CacheClusterId\" is empty."]
    );
    assert_eq!(
        check([("datapoints_to_alarm", 3.into())]),
        [
            "datapoints_to_alarm: Invalid datapoints_to_alarm: datapoints_to_alarm must be at most evaluation_periods, \
          which is 2, but is 3."
        ]
    );
    assert_eq!(
        check([("evaluation_periods", 289.into())]),
        [
            "evaluation_periods: Invalid evaluation_periods: evaluation_periods times period must be at most a day (86400 \
          seconds) with this period, but is 86700."
        ]
    );
    assert_eq!(check([("period", 3600.into()), ("evaluation_periods", 168.into())]), NONE);
    let six: Vec<_> = (0..6).map(|i| Value::from(format!("arn:aws:sns:us-east-1:1:{i}").as_str())).collect();
    assert_eq!(
        check([("ok_actions", Value::set(six))]),
        ["ok_actions: Invalid ok_actions: ok_actions must have at most 5 elements, but has 6."]
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
fn knows_the_statistics_of_cloudwatch() {
    let check = |text: &str| check([("statistic", Value::Null), ("extended_statistic", text.into())]);
    for good in [
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
        assert_eq!(check(good), NONE, "{good}");
    }
    for bad in [
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
        assert_eq!(check(bad).len(), 1, "{bad}");
    }
}

#[test]
fn checks_queries_together() {
    let metric = || query("m1", Value::Null, true, false);
    let expression = |watched| query("e1", "m1 * 2".into(), false, watched);
    assert_eq!(check_queries(vec![metric(), expression(true)], []), NONE);
    assert_eq!(
        check_queries(vec![metric(), expression(false)], []),
        [
            "metric_query: Which query the alarm watches is not clear: Exactly one metric_query needs return_data = true, \
          the one to compare with the threshold, but 0 have it."
        ]
    );
    assert_eq!(
        check_queries(vec![query("e1", "1".into(), true, true)], []),
        [
            "metric_query: Conflicting arguments: The metric_query \"e1\" has an expression and a metric block; remove one \
          of them."
        ]
    );
    assert_eq!(
        check_queries(vec![query("e1", "".into(), false, true)], []),
        ["metric_query: Empty metric_query: The metric_query \"e1\" needs an expression or a metric block."]
    );
    assert_eq!(
        check_queries(vec![metric(), query("m1", "2".into(), false, true)], []),
        ["metric_query: Query id used twice: Two metric_query blocks have the id \"m1\"; give each its own."]
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
            "unit: Conflicting arguments: unit and metric_query cannot be given together; give unit in the metric block of \
          a metric_query."
        ]
    );
    assert_eq!(
        check_queries(vec![expression(true)], [("metric_name", "x".into())]).len(),
        1,
        "nothing more is asked for beside a name that is too much"
    );
    let band = [
        ("comparison_operator", "GreaterThanUpperThreshold".into()),
        ("threshold", Value::Null),
        ("threshold_metric_id", "e2".into()),
    ];
    assert_eq!(
        check_queries(vec![expression(true)], band),
        ["threshold_metric_id: Invalid threshold_metric_id: There is no metric_query with the id \"e2\"."]
    );
}

#[test]
fn the_models_of_blocks_hold_exactly_what_their_schemas_have() {
    let query = &super::schema::schema().block.nested_block("metric_query").unwrap().block;
    let metric = &query.nested_block("metric").unwrap().block;
    for (block, model) in [(query, QueryModel::ATTRIBUTES), (metric, MetricModel::ATTRIBUTES)] {
        let mut names: Vec<_> =
            block.attributes.iter().map(|a| a.name).chain(block.blocks.iter().map(|b| b.name)).collect();
        let mut model = model.to_vec();
        names.sort_unstable();
        model.sort_unstable();
        assert_eq!(names, model);
    }
}

/// K20.
#[test]
fn an_empty_value_of_a_dimension_is_called_empty() {
    assert_eq!(
        check([("dimensions", text_map([("CacheClusterId", "")]))]),
        ["dimensions: Invalid dimensions: dimensions must have values of 1 to 1024 characters, but that of \
          \"CacheClusterId\" is empty."]
    );
}

/// J16.
#[test]
fn a_topic_of_another_region_is_refused_at_plan() {
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
    for right in [
        "arn:aws:sns:us-east-1:111122223333:ops",
        "arn:aws:lambda:eu-west-1:111122223333:function:f",
        "ab12cd34",
    ] {
        assert_eq!(plan(right), [""; 0], "{right}");
    }
}

/// J23.
#[test]
fn an_id_in_capitals_as_a_dimension_is_warned_of() {
    let said = check([("dimensions", text_map([("CacheClusterId", "Demo-001"), ("CacheNodeId", "0001")]))]);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("dimensions: CacheClusterId is not in lower case")
            && said[0].contains("\"demo-001\"")
    );
    assert_eq!(
        check([("dimensions", text_map([("CacheClusterId", "demo-001"), ("CacheNodeId", "0001")]))]),
        [""; 0]
    );
}

/// AWS ignores it.
#[test]
fn a_setting_of_percentiles_without_one_is_warned_of() {
    let ignored = ("evaluate_low_sample_count_percentiles", Value::from("ignore"));
    assert!(check([ignored.clone()])[0].contains("has no effect"));
    assert_eq!(check([ignored, ("statistic", Value::Null), ("extended_statistic", "p95".into())]), [""; 0]);
}
