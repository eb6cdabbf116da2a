//! Schema of `elasticache_metric_alarm`.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::validate;
use crate::resources::common::alarm::rules;
use crate::schema::{
    Attribute, Block, BlockNesting, Check, Equivalence, NestedBlock, Schema, common, pattern,
};
use crate::value::Type;

/// API model of CloudWatch, shape Namespace.
static NAMESPACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^:]"));

/// API reference of MetricDataQuery, Id.
static QUERY_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-z][a-zA-Z0-9_]*$"));

/// API model of CloudWatch, shape ComparisonOperator.
const OPERATORS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
];

/// API model of CloudWatch, shape StandardUnit.
const UNITS: &[&str] = &[
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new("A CloudWatch alarm on one metric, or on an expression over several.")
            .attributes(alarm())
            .attributes(metric())
            .attributes(actions())
            .attributes([overwrite()])
            .attributes(common::tags())
            .block(metric_query()),
    )
}

fn text(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional(name, Type::String, description)
}

fn number(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional(name, Type::Number, description)
}

fn alarm() -> [Attribute; 12] {
    [
        Attribute::computed("id", Type::String, "Name of the alarm."),
        Attribute::computed("arn", Type::String, "ARN of the alarm."),
        Attribute::required(
            "alarm_name",
            Type::String,
            "Name of the alarm, unique in account and region. A change means a new alarm.",
        )
        .check(Check::Length(1, 255))
        .replace(),
        text("alarm_description", "Description of the alarm.").check(Check::Length(0, 1024)),
        text("comparison_operator", "How the value is compared with the threshold.").check(Check::OneOf(OPERATORS)),
        number("evaluation_periods", "How many of the latest periods are looked at.").check(Check::AtLeast(1)),
        Attribute::optional_computed(
            "datapoints_to_alarm",
            Type::Number,
            "How many of the `evaluation_periods` must breach the threshold. If omitted, all of them must.",
        )
        .check(Check::AtLeast(1)),
        number("threshold", "The value to compare with.")
            .same_if(Equivalence::By(rules::same_float))
            .conflicts(&["threshold_metric_id"]),
        text(
            "threshold_metric_id",
            "Id of the `metric_query` whose `ANOMALY_DETECTION_BAND` takes the place of a fixed threshold.",
        )
        .check(Check::Length(1, 255)),
        text(
            "treat_missing_data",
            "What a period without data counts as: `missing`, `breaching`, `notBreaching` or `ignore` (the alarm stays \
             as it is).",
        )
        .check(Check::By(rules::missing_data))
        .same_if(Equivalence::IgnoreCase)
        .default("missing"),
        text(
            "evaluate_low_sample_count_percentiles",
            "For alarms on percentiles: `evaluate` (which is what AWS does when not given) or `ignore` periods with too \
             few samples to be significant.",
        )
        .check(Check::OneOf(&["evaluate", "ignore"])),
        common::region(),
    ]
}

fn metric() -> [Attribute; 7] {
    [
        text(
            "metric_name",
            "Metric to watch, such as `EngineCPUUtilization`. Either this or `metric_query` is given.",
        )
        .check(Check::Length(1, 255)),
        text("namespace", "Namespace of the metric, such as `AWS/ElastiCache`.")
            .check(Check::Length(1, 255))
            .check(Check::Pattern(&NAMESPACE, "a namespace, which does not begin with a colon")),
        dimensions(),
        number("period", "Seconds of one data point: 10, 20, 30 or a multiple of 60.")
            .check(Check::By(rules::alarm_period)),
        text("statistic", "`SampleCount`, `Average`, `Sum`, `Minimum` or `Maximum`.")
            .check(Check::OneOf(rules::STATISTICS))
            .conflicts(&["extended_statistic"]),
        text(
            "extended_statistic",
            "Another statistic, such as `p95`, `tm90`, `IQM`, `TM(2%:98%)` or `PR(100:2000)`.",
        )
        .check(Check::Pattern(&rules::EXTENDED, rules::EXTENDED_FORM)),
        text("unit", "Unit of the metric. Only data of this unit count; best left out.")
            .check(Check::OneOf(UNITS)),
    ]
}

fn dimensions() -> Attribute {
    Attribute::optional(
        "dimensions",
        Type::map(Type::String),
        "Dimensions of the metric, such as `{ CacheClusterId = \"demo-001\" }`. They must be exactly those the metric \
         has: an alarm on others never gets data.",
    )
    .check(Check::By(validate::dimensions))
}

fn actions() -> [Attribute; 4] {
    [
        Attribute::optional("actions_enabled", Type::Bool, "Whether the actions below are taken.")
            .default(true),
        rules::actions("alarm_actions", "ARNs of what to do when the alarm goes to ALARM; at most 5."),
        rules::actions("ok_actions", "ARNs of what to do when the alarm goes to OK; at most 5."),
        rules::actions(
            "insufficient_data_actions",
            "ARNs of what to do when the alarm goes to INSUFFICIENT_DATA; at most 5.",
        ),
    ]
}

fn overwrite() -> Attribute {
    Attribute::optional(
        "overwrite",
        Type::Bool,
        "Whether creating takes over an existing alarm of this name and replaces its settings. Defaults to `false`: an \
         existing alarm is then an error, and can be imported.",
    )
    .default(false)
        .directive()
}

fn metric_query() -> NestedBlock {
    let metric = Block::new("The metric of a query.").attributes([
        Attribute::required("metric_name", Type::String, "Name of the metric.").check(Check::Length(1, 255)),
        text("namespace", "Namespace of the metric.")
            .check(Check::Length(1, 255))
            .check(Check::Pattern(&NAMESPACE, "a namespace, which does not begin with a colon")),
        dimensions(),
        Attribute::required(
            "period",
            Type::Number,
            "Seconds of one data point: 1, 5, 10, 20, 30 or a multiple of 60.",
        )
        .check(Check::By(rules::query_period)),
        Attribute::required("stat", Type::String, "Statistic, plain or extended.")
            .check(Check::By(rules::any_statistic)),
        text("unit", "Unit of the metric.").check(Check::OneOf(UNITS)),
    ]);
    let query =
        Block::new("A metric, or an expression over the other queries. The alarm watches one of them.")
            .attributes([
                Attribute::required(
                    "id",
                    Type::String,
                    "Short name, used in the expressions of other queries.",
                )
                .check(Check::Length(1, 255))
                .check(Check::Pattern(
                    &QUERY_ID,
                    "a lower-case letter followed by letters, digits and underscores",
                )),
                text("account_id", "Account the metric is in, for monitoring across accounts.")
                    .check(Check::Length(1, 255)),
                text("expression", "Metric math expression, such as `m1 / m2 * 100`.")
                    .check(Check::Length(1, 2048)),
                text("label", "Name of the result for people."),
                number(
                    "period",
                    "Seconds of one data point of an expression: 1, 5, 10, 20, 30 or a multiple of 60.",
                )
                .check(Check::By(rules::query_period)),
                Attribute::optional(
                    "return_data",
                    Type::Bool,
                    "Whether this is the query the alarm watches.",
                )
                .default(false),
            ])
            .block(NestedBlock::new("metric", BlockNesting::List, metric).max(1));
    NestedBlock::new("metric_query", BlockNesting::Set, query)
}
