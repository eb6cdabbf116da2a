//! The settings of an alarm in one form, for comparison.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{
    CriteriaModel, MetricAlarmModel, MetricModel, PromQlModel, QueryModel, WallClockModel, WarmUpModel,
    WindowModel,
};
use crate::resources::common::alarm::rules;
use crate::value::{Field, SetOf};

impl MetricAlarmModel {
    /// The settings that PutMetricAlarm writes, in one form: equal settings are the same alarm to CloudWatch.
    pub(super) fn settings(&self) -> Self {
        let missing_data = self.treat_missing_data.text().and_then(rules::canonical_missing_data);
        // It has no effect on a PromQL query.
        let missing_data = missing_data.filter(|_| self.promql().is_none());
        let criteria = self.promql().map(PromQlModel::settings);
        let window = self.wall_clock().map(WallClockModel::settings);
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
            evaluation_criteria: Field::Known(criteria.into_iter().collect()),
            evaluation_interval: self.evaluation_interval.clone(),
            evaluation_window: Field::Known(window.into_iter().collect()),
            warm_up_configuration: Field::Known(
                self.warm_up().map(WarmUpModel::settings).into_iter().collect(),
            ),
            ..Self::default()
        }
    }
}

impl PromQlModel {
    fn settings(&self) -> CriteriaModel {
        let zero = |seconds: &Field<i32>| Field::Known(seconds.known().copied().unwrap_or_default());
        let criteria = Self {
            query: text(&self.query),
            pending_period: zero(&self.pending_period),
            recovery_period: zero(&self.recovery_period),
        };
        CriteriaModel { promql_criteria: Field::Known(vec![criteria]) }
    }
}

impl WallClockModel {
    fn settings(&self) -> WindowModel {
        WindowModel { wall_clock_window: Field::Known(vec![Self { timezone: text(&self.timezone) }]) }
    }
}

impl WarmUpModel {
    fn settings(&self) -> Self {
        let only_after = self.only_start_evaluating_after_warm_up_period_ends.is_true();
        Self {
            warm_up_period_duration_in_minutes: self.warm_up_period_duration_in_minutes.clone(),
            only_start_evaluating_after_warm_up_period_ends: Field::Known(only_after),
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

/// The text; null if it is empty.
fn text(field: &Field<String>) -> Field<String> {
    field.text().map_or(Field::Null, Field::from)
}

/// The entries; an empty map for null.
fn entries(field: &Field<BTreeMap<String, String>>) -> Field<BTreeMap<String, String>> {
    Field::Known(field.known().cloned().unwrap_or_default())
}

/// The elements; an empty set for null.
fn elements(field: &Field<BTreeSet<String>>) -> Field<BTreeSet<String>> {
    Field::Known(field.known().cloned().unwrap_or_default())
}
