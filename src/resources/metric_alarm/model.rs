//! The alarm as a typed model.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::state::tags::Tags;
use crate::model;
use crate::resources::common::alarm::rules;
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
        /// Takes over an existing alarm.
        overwrite: Field<bool>,
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

    /// What PutMetricAlarm sets, in one spelling: two alarms with equal settings are the same to
    /// CloudWatch.
    pub(super) fn settings(&self) -> Self {
        let missing_data = self.treat_missing_data.text().and_then(rules::canonical_missing_data);
        let mut queries: Vec<QueryModel> =
            self.queries().unwrap_or_default().iter().map(QueryModel::settings).collect();
        queries.sort_by(|a, b| a.id.text().cmp(&b.id.text()));
        Self {
            id: Field::Null,
            alarm_name: self.alarm_name.clone(),
            alarm_description: text(&self.alarm_description),
            comparison_operator: text(&self.comparison_operator),
            evaluation_periods: self.evaluation_periods.clone(),
            datapoints_to_alarm: if self.must_all_breach() {
                Field::Null
            } else {
                self.datapoints_to_alarm.clone()
            },
            threshold: self.threshold.clone(),
            threshold_metric_id: text(&self.threshold_metric_id),
            metric_name: text(&self.metric_name),
            namespace: text(&self.namespace),
            dimensions: entries(&self.dimensions),
            period: self.period.clone(),
            statistic: text(&self.statistic),
            extended_statistic: text(&self.extended_statistic),
            unit: text(&self.unit),
            actions_enabled: Field::Known(self.actions_enabled.known().copied().unwrap_or(true)),
            alarm_actions: elements(&self.alarm_actions),
            ok_actions: elements(&self.ok_actions),
            insufficient_data_actions: elements(&self.insufficient_data_actions),
            treat_missing_data: missing_data.unwrap_or("missing").into(),
            evaluate_low_sample_count_percentiles: text(&self.evaluate_low_sample_count_percentiles),
            metric_query: Field::Known(SetOf(queries)),
            ..Self::default()
        }
    }

    /// True when every period must breach, be it that none are counted or that all are: the console
    /// writes the number even where the user gives none.
    pub(super) fn must_all_breach(&self) -> bool {
        match self.datapoints_to_alarm.known() {
            Some(points) => self.evaluation_periods.known() == Some(points),
            None => !self.datapoints_to_alarm.is_unknown(),
        }
    }
}

impl QueryModel {
    fn settings(&self) -> Self {
        let metrics = self.metric.known().into_iter().flatten().map(MetricModel::settings);
        Self {
            id: text(&self.id),
            account_id: text(&self.account_id),
            expression: text(&self.expression),
            label: text(&self.label),
            period: self.period.clone(),
            return_data: Field::Known(self.return_data.is_true()),
            metric: Field::Known(metrics.collect()),
        }
    }
}

impl MetricModel {
    fn settings(&self) -> Self {
        Self {
            metric_name: text(&self.metric_name),
            namespace: text(&self.namespace),
            dimensions: entries(&self.dimensions),
            period: self.period.clone(),
            stat: text(&self.stat),
            unit: text(&self.unit),
        }
    }
}

/// The text; null for an empty one.
fn text(field: &Field<String>) -> Field<String> {
    field.text().map_or(Field::Null, Field::from)
}

/// The entries; none for null.
fn entries(field: &Field<BTreeMap<String, String>>) -> Field<BTreeMap<String, String>> {
    Field::Known(field.known().cloned().unwrap_or_default())
}

/// The elements; none for null.
fn elements(field: &Field<BTreeSet<String>>) -> Field<BTreeSet<String>> {
    Field::Known(field.known().cloned().unwrap_or_default())
}
