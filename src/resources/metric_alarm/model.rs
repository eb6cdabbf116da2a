//! The alarm as a typed model.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::tags::Tags;
use crate::model;
use crate::value::{Field, SetOf};

model! {
    /// An `elasticache_metric_alarm`; the schema says what each attribute means.
    pub struct MetricAlarmModel {
        /// Same as `alarm_name`.
        id: Field<String>,
        /// Name of the alarm.
        alarm_name: Field<String>,
        /// Description.
        alarm_description: Field<String>,
        /// How value and threshold are compared.
        comparison_operator: Field<String>,
        /// Periods that are looked at.
        evaluation_periods: Field<i32>,
        /// Periods among them that must breach.
        datapoints_to_alarm: Field<i32>,
        /// Fixed threshold.
        threshold: Field<f64>,
        /// Query whose band is the threshold.
        threshold_metric_id: Field<String>,
        /// Metric.
        metric_name: Field<String>,
        /// Namespace of the metric.
        namespace: Field<String>,
        /// Dimensions of the metric.
        dimensions: Field<BTreeMap<String, String>>,
        /// Seconds of one data point.
        period: Field<i32>,
        /// Plain statistic.
        statistic: Field<String>,
        /// Percentile and the like.
        extended_statistic: Field<String>,
        /// Unit of the metric.
        unit: Field<String>,
        /// Whether the actions are taken.
        actions_enabled: Field<bool>,
        /// Actions on ALARM.
        alarm_actions: Field<BTreeSet<String>>,
        /// Actions on OK.
        ok_actions: Field<BTreeSet<String>>,
        /// Actions on INSUFFICIENT_DATA.
        insufficient_data_actions: Field<BTreeSet<String>>,
        /// What a missing data point counts as.
        treat_missing_data: Field<String>,
        /// Percentiles of few samples.
        evaluate_low_sample_count_percentiles: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
        /// Queries and expressions.
        metric_query: Field<SetOf<QueryModel>>,
    }
}

model! {
    /// A `metric_query` block.
    pub struct QueryModel {
        /// Short name, used in expressions.
        id: Field<String>,
        /// Account of the metric.
        account_id: Field<String>,
        /// Expression.
        expression: Field<String>,
        /// Label.
        label: Field<String>,
        /// Seconds of one data point of an expression.
        period: Field<i32>,
        /// Whether the alarm watches it.
        return_data: Field<bool>,
        /// Metric instead of an expression.
        metric: Field<Vec<MetricModel>>,
    }
}

model! {
    /// A `metric` block.
    pub struct MetricModel {
        /// Metric.
        metric_name: Field<String>,
        /// Namespace.
        namespace: Field<String>,
        /// Dimensions.
        dimensions: Field<BTreeMap<String, String>>,
        /// Seconds of one data point.
        period: Field<i32>,
        /// Statistic, plain or extended.
        stat: Field<String>,
        /// Unit.
        unit: Field<String>,
    }
}

impl MetricAlarmModel {
    /// The name of the alarm.
    pub(super) fn name(&self) -> &str {
        self.alarm_name.text().unwrap_or_default()
    }

    /// The queries; `None` when they are not known.
    pub(super) fn queries(&self) -> Option<&[QueryModel]> {
        match &self.metric_query {
            Field::Unknown => None,
            given => Some(given.known().map_or(&[], |queries| queries.0.as_slice())),
        }
    }

    /// The model without what PutMetricAlarm does not change.
    pub(super) fn settings(&self) -> Self {
        Self { tags: Field::Null, tags_all: Field::Null, arn: Field::Null, ..self.clone() }
    }
}
