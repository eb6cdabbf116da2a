//! Attributes of `elasticache_metric_alarm`.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{OPERATORS, QUERY_ID, UNITS, dimensions};
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::alarm::rules;
use crate::schema::{
    Attribute, Check, Equivalence, block, common, computed, optional, optional_computed, required,
};
use crate::value::{Field, SetOf};

object! {
    /// Manages a CloudWatch alarm on one metric, on a metric math expression, or on a PromQL query. See
    /// [PutMetricAlarm](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
    /// CloudWatch bills each alarm.
    pub struct MetricAlarmModel {
        /// Name of the alarm.
        id: Field<String> = computed(),
        /// ARN of the alarm.
        arn: Field<String> = computed(),
        /// Name of the alarm, unique in the account and the Region. Changing this forces a new resource.
        alarm_name: Field<String> = required().check(Check::Length(1, 255)).replace(),
        /// Description of the alarm. If omitted, the alarm has none.
        alarm_description: Field<String> = optional().check(Check::Length(0, 1024)),
        /// Comparison of the value with the threshold: `GreaterThanOrEqualToThreshold`, `GreaterThanThreshold`,
        /// `LessThanThreshold`, `LessThanOrEqualToThreshold`, or with the band of `threshold_metric_id`
        /// `LessThanLowerOrGreaterThanUpperThreshold`, `LessThanLowerThreshold` and `GreaterThanUpperThreshold`. If omitted,
        /// `evaluation_criteria` is required.
        comparison_operator: Field<String> = optional().check(Check::OneOf(OPERATORS)),
        /// Number of periods that are evaluated. If omitted, `evaluation_criteria` is required.
        evaluation_periods: Field<i32> = optional().check(Check::AtLeast(1)),
        /// Number of the `evaluation_periods` that must breach the threshold. If omitted, all of them must.
        datapoints_to_alarm: Field<i32> = optional_computed().check(Check::AtLeast(1)),
        /// Threshold. If omitted, `threshold_metric_id` or `evaluation_criteria` is required.
        threshold: Field<f64> = optional()
            .equivalent_if(Equivalence::By(rules::same_float))
            .conflicts(&["threshold_metric_id"]),
        /// ID of the `metric_query` whose `ANOMALY_DETECTION_BAND` is the threshold. If omitted, `threshold` is required.
        threshold_metric_id: Field<String> = optional().check(Check::Length(1, 255)),
        /// How missing data points are treated: `missing`, `breaching`, `notBreaching` or `ignore` (the state of the alarm
        /// is kept). Case is ignored. It has no effect with `evaluation_criteria`.
        treat_missing_data: Field<String> = optional()
            .check(Check::By(rules::missing_data))
            .equivalent_if(Equivalence::IgnoreCase)
            .default("missing"),
        /// For alarms on percentiles, how periods with too few samples to be significant are treated: `evaluate` or
        /// `ignore`. If omitted, CloudWatch evaluates them.
        evaluate_low_sample_count_percentiles: Field<String> = optional()
            .check(Check::OneOf(&["evaluate", "ignore"])),
        /// Seconds from one evaluation of `evaluation_criteria` to the next: 10, 20, 30 or a multiple of 60, at most 3600.
        /// Required with `evaluation_criteria`; if omitted, CloudWatch decides when it evaluates the metric.
        evaluation_interval: Field<i32> = optional()
            .check(Check::Range(10, 3600))
            .check(Check::By(rules::alarm_period)),
        region: Field<String> = common::region(),
        /// Name of the metric, such as `EngineCPUUtilization`. If omitted, `metric_query` or `evaluation_criteria` is
        /// required.
        metric_name: Field<String> = optional().check(Check::Length(1, 255)),
        /// Namespace of the metric, such as `AWS/ElastiCache`. Required with `metric_name`; if omitted, the namespace is
        /// in `metric_query`.
        namespace: Field<String> = rules::namespace(),
        dimensions: Field<BTreeMap<String, String>> = dimensions_of_metric(),
        /// Length of a data point in seconds: 10, 20, 30 or a multiple of 60. Required with `metric_name`; if omitted, the
        /// period is in `metric_query`.
        period: Field<i32> = optional().check(Check::By(rules::alarm_period)),
        /// Statistic of the metric: `SampleCount`, `Average`, `Sum`, `Minimum` or `Maximum`. If omitted with
        /// `metric_name`, `extended_statistic` is required.
        statistic: Field<String> = optional()
            .check(Check::OneOf(rules::STATISTICS))
            .conflicts(&["extended_statistic"]),
        /// Another statistic of the metric, such as `p95`, `tm90`, `IQM`, `TM(2%:98%)` or `PR(100:2000)`. If omitted with
        /// `metric_name`, `statistic` is required.
        extended_statistic: Field<String> = optional().check(Check::Pattern(&rules::EXTENDED, rules::EXTENDED_FORM)),
        /// Unit of the metric: `Seconds`, `Microseconds`, `Milliseconds`, `Bytes`, `Kilobytes`, `Megabytes`, `Gigabytes`,
        /// `Terabytes`, `Bits`, `Kilobits`, `Megabits`, `Gigabits`, `Terabits`, `Percent`, `Count`, `Bytes/Second`,
        /// `Kilobytes/Second`, `Megabytes/Second`, `Gigabytes/Second`, `Terabytes/Second`, `Bits/Second`,
        /// `Kilobits/Second`, `Megabits/Second`, `Gigabits/Second`, `Terabits/Second`, `Count/Second` or `None`. The alarm
        /// then evaluates only data with this unit. If omitted, it evaluates all data, which is recommended.
        unit: Field<String> = optional().check(Check::OneOf(UNITS)),
        /// Whether the alarm performs its actions.
        actions_enabled: Field<bool> = optional().default(true),
        /// ARNs of at most 5 actions, such as SNS topics, that the alarm performs when it enters the state ALARM. If
        /// omitted, it performs none.
        alarm_actions: Field<BTreeSet<String>> = rules::actions(),
        /// ARNs of at most 5 actions that the alarm performs when it enters the state OK. If omitted, it performs none.
        ok_actions: Field<BTreeSet<String>> = rules::actions(),
        /// ARNs of at most 5 actions that the alarm performs when it enters the state INSUFFICIENT_DATA. If omitted, it
        /// performs none.
        insufficient_data_actions: Field<BTreeSet<String>> = rules::actions(),
        /// Whether a create takes over an existing alarm of this name and replaces its settings. If `false`, an existing
        /// alarm with other settings is an error; it can be imported.
        overwrite: Field<bool> = optional().default(false).directive()
            .not_readable("Used when the alarm is created"),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        metric_query: Field<SetOf<QueryModel>> = block(),
        evaluation_criteria: Field<Vec<CriteriaModel>> = block().max(1),
        evaluation_window: Field<Vec<WindowModel>> = block().max(1),
        warm_up_configuration: Field<Vec<WarmUpModel>> = block().max(1),
    }
}

object! {
    /// What the alarm evaluates in place of a metric and a threshold, every `evaluation_interval` seconds. If omitted,
    /// `metric_name` or `metric_query` is required.
    pub struct CriteriaModel {
        promql_criteria: Field<Vec<PromQlModel>> = block().max(1),
    }
}

object! {
    /// A PromQL query over metrics that reach CloudWatch through its OTLP endpoint. Each time series that it returns is a
    /// [contributor](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-promql.html) that breaches; the
    /// alarm is in the state ALARM while one of them is. Required; if omitted, the plan fails.
    pub struct PromQlModel {
        /// PromQL query whose result is a vector of the breaching time series, such as `cache_memory_ratio > 0.9`.
        query: Field<String> = required().check(Check::Length(1, 10_000)),
        /// Seconds for which a contributor must breach until it enters the state ALARM, 0 to 86400.
        pending_period: Field<i32> = optional().check(Check::Range(0, 86_400)).default(0),
        /// Seconds for which a contributor must not breach until it returns to the state OK, 0 to 86400.
        recovery_period: Field<i32> = optional().check(Check::Range(0, 86_400)).default(0),
    }
}

object! {
    /// The range of data that each evaluation covers. If omitted, it slides with the time of the evaluation.
    pub struct WindowModel {
        wall_clock_window: Field<Vec<WallClockModel>> = block().max(1),
    }
}

object! {
    /// A range that is aligned with the clock, such as from one full hour or midnight to the next. The period of the alarm
    /// must be 60, 300, 3600, 86400 or 604800 seconds. If omitted, the range slides.
    pub struct WallClockModel {
        /// Time zone of the alignment: a name such as `America/New_York`, or an offset such as `+05:30` or `UTC+05:30` in
        /// steps of 5 minutes. If omitted, it is UTC.
        timezone: Field<String> = optional().check(Check::Length(1, 50)),
    }
}

object! {
    /// Delays the evaluation after the alarm is created or changed, while a new cache does not publish data yet. Until
    /// then, the alarm is in the state INSUFFICIENT_DATA and performs no actions. A change of the length after the period
    /// has ended does not begin another one. If omitted, there is no delay.
    pub struct WarmUpModel {
        /// Length of the warm-up period in minutes, 1 to 2880.
        warm_up_period_duration_in_minutes: Field<i32> = required().check(Check::Range(1, 2880)),
        /// Whether the evaluation begins only when the warm-up period ends. If `false`, it begins as soon as there is
        /// enough data.
        only_start_evaluating_after_warm_up_period_ends: Field<bool> = optional().default(false),
    }
}

object! {
    /// A metric, or a metric math expression over other queries. The alarm evaluates the query with `return_data`. If
    /// omitted, `metric_name` is required.
    pub struct QueryModel {
        /// ID of the query, which the expressions of other queries use: a lower-case letter followed by letters, digits
        /// and underscores.
        id: Field<String> = required()
            .check(Check::Length(1, 255))
            .check(Check::Pattern(&QUERY_ID, "a lower-case letter followed by letters, digits and underscores")),
        /// ID of the account of the metric, for cross-account monitoring. If omitted, the metric is in the account of the
        /// alarm.
        account_id: Field<String> = optional().check(Check::Length(1, 255)),
        /// Metric math expression, such as `m1 / m2 * 100`. If omitted, a `metric` block is required.
        expression: Field<String> = optional().check(Check::Length(1, 2048)),
        /// Label of the result. If omitted, CloudWatch chooses one.
        label: Field<String> = optional(),
        /// Length of a data point of an expression in seconds: 1, 5, 10, 20, 30 or a multiple of 60. If omitted,
        /// CloudWatch uses the period of the metrics.
        period: Field<i32> = optional().check(Check::By(rules::query_period)),
        /// Whether the alarm evaluates this query.
        return_data: Field<bool> = optional().default(false),
        metric: Field<Vec<MetricModel>> = block().max(1),
    }
}

object! {
    /// The metric of the query. If omitted, `expression` is required.
    pub struct MetricModel {
        /// Name of the metric.
        metric_name: Field<String> = required().check(Check::Length(1, 255)),
        /// Namespace of the metric. If omitted, CloudWatch sets none.
        namespace: Field<String> = rules::namespace(),
        dimensions: Field<BTreeMap<String, String>> = dimensions_of_metric(),
        /// Length of a data point in seconds: 1, 5, 10, 20, 30 or a multiple of 60.
        period: Field<i32> = required().check(Check::By(rules::query_period)),
        /// Statistic of the metric: `SampleCount`, `Average`, `Sum`, `Minimum`, `Maximum`, or another such as `p95`.
        stat: Field<String> = required().check(Check::By(rules::any_statistic)),
        /// Unit of the metric: `Seconds`, `Microseconds`, `Milliseconds`, `Bytes`, `Kilobytes`, `Megabytes`, `Gigabytes`,
        /// `Terabytes`, `Bits`, `Kilobits`, `Megabits`, `Gigabits`, `Terabits`, `Percent`, `Count`, `Bytes/Second`,
        /// `Kilobytes/Second`, `Megabytes/Second`, `Gigabytes/Second`, `Terabytes/Second`, `Bits/Second`,
        /// `Kilobits/Second`, `Megabits/Second`, `Gigabits/Second`, `Terabits/Second`, `Count/Second` or `None`. If
        /// omitted, data of all units are evaluated.
        unit: Field<String> = optional().check(Check::OneOf(UNITS)),
    }
}

fn dimensions_of_metric() -> Attribute {
    optional()
        .describe(
            "Dimensions of the metric, such as `{ CacheClusterId = \"demo-001\" }`. They must be exactly identical to those of \
             the metric: with others, the alarm receives no data. If omitted, the metric has none.",
        )
        .check(Check::By(dimensions))
}

impl MetricAlarmModel {
    /// The name of the alarm.
    pub(super) fn name(&self) -> &str {
        self.alarm_name.text().unwrap_or_default()
    }

    /// The PromQL query with its periods.
    pub(super) fn promql(&self) -> Option<&PromQlModel> {
        self.evaluation_criteria.known()?.first()?.promql_criteria.known()?.first()
    }

    /// The wall clock window.
    pub(super) fn wall_clock(&self) -> Option<&WallClockModel> {
        self.evaluation_window.known()?.first()?.wall_clock_window.known()?.first()
    }

    /// The warm-up period.
    pub(super) fn warm_up(&self) -> Option<&WarmUpModel> {
        self.warm_up_configuration.known()?.first()
    }

    /// The queries; `None` if they are unknown.
    pub(super) fn queries(&self) -> Option<&[QueryModel]> {
        match &self.metric_query {
            Field::Unknown => None,
            given => Some(given.known().map_or(&[], |queries| queries.0.as_slice())),
        }
    }

    /// True if every period must breach: if the number is omitted, or is that of all periods, which the console of AWS
    /// writes for an omitted number.
    pub(super) fn must_all_breach(&self) -> bool {
        match self.datapoints_to_alarm.known() {
            Some(points) => self.evaluation_periods.known() == Some(points),
            None => !self.datapoints_to_alarm.is_unknown(),
        }
    }
}
