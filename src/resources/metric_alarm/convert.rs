//! Between the model and CloudWatch's types.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder;
use aws_sdk_cloudwatch::types::{
    ComparisonOperator, Dimension, Metric, MetricAlarm, MetricDataQuery, MetricStat, StandardUnit, Statistic,
};

use super::attributes::{MetricAlarmModel, MetricModel, QueryModel};
use crate::resources::common::alarm::rules;
use crate::services::cloudwatch::tags;
use crate::value::{Field, SetOf};

/// The request that creates the alarm or replaces its settings. AWS accepts tags only for a new alarm.
pub(super) fn expand(
    call: PutMetricAlarmFluentBuilder,
    model: &MetricAlarmModel,
    create: bool,
) -> PutMetricAlarmFluentBuilder {
    let missing_data = model.treat_missing_data.text().and_then(rules::canonical_missing_data);
    call.alarm_name(model.name())
        .set_alarm_description(owned(&model.alarm_description))
        .set_comparison_operator(model.comparison_operator.text().map(ComparisonOperator::from))
        .set_evaluation_periods(model.evaluation_periods.known().copied())
        .set_datapoints_to_alarm(model.datapoints_to_alarm.known().copied())
        .set_threshold(model.threshold.known().copied())
        .set_threshold_metric_id(owned(&model.threshold_metric_id))
        .set_metric_name(owned(&model.metric_name))
        .set_namespace(owned(&model.namespace))
        .set_dimensions(expand_dimensions(&model.dimensions))
        .set_period(model.period.known().copied())
        .set_statistic(model.statistic.text().map(Statistic::from))
        .set_extended_statistic(owned(&model.extended_statistic))
        .set_unit(model.unit.text().map(StandardUnit::from))
        .set_metrics(expand_queries(model))
        .set_actions_enabled(model.actions_enabled.known().copied())
        .set_alarm_actions(Some(list(&model.alarm_actions)))
        .set_ok_actions(Some(list(&model.ok_actions)))
        .set_insufficient_data_actions(Some(list(&model.insufficient_data_actions)))
        .treat_missing_data(missing_data.unwrap_or("missing"))
        .set_evaluate_low_sample_count_percentile(owned(&model.evaluate_low_sample_count_percentiles))
        .set_tags(if create { model.tags_all.known().and_then(tags::expand) } else { None })
}

/// The dimensions; `None` if there are none.
fn expand_dimensions(field: &Field<BTreeMap<String, String>>) -> Option<Vec<Dimension>> {
    let entries = field.known().filter(|entries| !entries.is_empty())?;
    Some(entries.iter().map(|(name, value)| Dimension::builder().name(name).value(value).build()).collect())
}

/// The queries; `None` if there are none.
fn expand_queries(model: &MetricAlarmModel) -> Option<Vec<MetricDataQuery>> {
    let queries = model.queries().filter(|queries| !queries.is_empty())?;
    Some(queries.iter().map(expand_query).collect())
}

fn expand_query(query: &QueryModel) -> MetricDataQuery {
    let metric = query.metric.known().and_then(|metrics| metrics.first());
    MetricDataQuery::builder()
        .set_id(owned(&query.id))
        .set_account_id(owned(&query.account_id))
        .set_expression(owned(&query.expression))
        .set_label(owned(&query.label))
        .set_period(query.period.known().copied())
        .return_data(query.return_data.is_true())
        .set_metric_stat(metric.map(expand_stat))
        .build()
}

fn expand_stat(model: &MetricModel) -> MetricStat {
    let metric = Metric::builder()
        .set_metric_name(owned(&model.metric_name))
        .set_namespace(owned(&model.namespace))
        .set_dimensions(expand_dimensions(&model.dimensions))
        .build();
    MetricStat::builder()
        .metric(metric)
        .set_period(model.period.known().copied())
        .set_stat(owned(&model.stat))
        .set_unit(model.unit.text().map(StandardUnit::from))
        .build()
}

/// The text; `None` if it is empty, which AWS does not accept.
fn owned(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

/// The elements; an empty list removes all actions.
fn list(field: &Field<BTreeSet<String>>) -> Vec<String> {
    field.known().into_iter().flatten().cloned().collect()
}

impl MetricAlarmModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(mut self, alarm: &MetricAlarm) -> Self {
        self.datapoints_to_alarm = flatten_datapoints(&self, alarm);
        self.id = alarm.alarm_name().into();
        self.alarm_name = alarm.alarm_name().into();
        self.arn = alarm.alarm_arn().into();
        self.alarm_description = alarm.alarm_description().into();
        self.comparison_operator = alarm.comparison_operator().map(ComparisonOperator::as_str).into();
        self.evaluation_periods = alarm.evaluation_periods.into();
        self.threshold = alarm.threshold.into();
        self.threshold_metric_id = alarm.threshold_metric_id().into();
        self.metric_name = alarm.metric_name().into();
        self.namespace = alarm.namespace().into();
        self.dimensions = flatten_dimensions(alarm.dimensions());
        self.period = alarm.period.into();
        self.statistic = alarm.statistic().map(Statistic::as_str).into();
        self.extended_statistic = alarm.extended_statistic().into();
        self.unit = alarm.unit().map(StandardUnit::as_str).into();
        self.actions_enabled = alarm.actions_enabled.into();
        self.alarm_actions = flatten_set(alarm.alarm_actions());
        self.ok_actions = flatten_set(alarm.ok_actions());
        self.insufficient_data_actions = flatten_set(alarm.insufficient_data_actions());
        // AWS does not return the default.
        self.treat_missing_data = alarm.treat_missing_data().unwrap_or("missing").into();
        self.evaluate_low_sample_count_percentiles = alarm.evaluate_low_sample_count_percentile().into();
        self.metric_query = Field::Known(SetOf(alarm.metrics().iter().map(flatten_query).collect()));
        self
    }
}

/// The number of periods that must breach; as in the state if both mean all periods. An import sets the number, which
/// matches a configuration with or without it.
fn flatten_datapoints(state: &MetricAlarmModel, alarm: &MetricAlarm) -> Field<i32> {
    let all = alarm.datapoints_to_alarm.is_none_or(|points| Some(points) == alarm.evaluation_periods);
    let imported = state.comparison_operator.is_null();
    match all {
        true if imported => alarm.evaluation_periods.into(),
        true if state.must_all_breach() => match state.datapoints_to_alarm {
            Field::Known(_) => alarm.evaluation_periods.into(),
            _ => Field::Null,
        },
        _ => alarm.datapoints_to_alarm.into(),
    }
}

fn flatten_query(query: &MetricDataQuery) -> QueryModel {
    QueryModel {
        id: query.id().into(),
        account_id: query.account_id().into(),
        expression: query.expression().into(),
        label: query.label().into(),
        period: query.period.into(),
        return_data: Field::Known(query.return_data.unwrap_or_default()),
        metric: Field::Known(query.metric_stat().map(flatten_stat).into_iter().collect()),
    }
}

fn flatten_stat(stat: &MetricStat) -> MetricModel {
    let metric = stat.metric();
    MetricModel {
        metric_name: metric.and_then(Metric::metric_name).into(),
        namespace: metric.and_then(Metric::namespace).into(),
        dimensions: flatten_dimensions(metric.map(Metric::dimensions).unwrap_or_default()),
        period: stat.period.into(),
        stat: stat.stat().into(),
        unit: stat.unit().map(StandardUnit::as_str).into(),
    }
}

fn flatten_dimensions(dimensions: &[Dimension]) -> Field<BTreeMap<String, String>> {
    if dimensions.is_empty() {
        return Field::Null;
    }
    let pairs = dimensions.iter().filter_map(|it| Some((it.name()?.to_owned(), it.value()?.to_owned())));
    Field::Known(pairs.collect())
}

fn flatten_set(values: &[String]) -> Field<BTreeSet<String>> {
    if values.is_empty() { Field::Null } else { Field::Known(values.iter().cloned().collect()) }
}
