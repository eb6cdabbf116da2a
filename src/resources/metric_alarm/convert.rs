//! Between the model and CloudWatch's types.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder;
use aws_sdk_cloudwatch::types::{
    AlarmPromQlCriteria, ComparisonOperator, Dimension, EvaluationCriteria, EvaluationWindow, Metric,
    MetricAlarm, MetricDataQuery, MetricStat, StandardUnit, Statistic, WallClockWindow, WarmUpConfiguration,
};

use super::attributes::{
    CriteriaModel, MetricAlarmModel, MetricModel, PromQlModel, QueryModel, WallClockModel, WarmUpModel,
    WindowModel,
};
use crate::resources::common::alarm::rules;
use crate::services::cloudwatch::tags;
use crate::value::{Field, SetOf};

/// The request that creates the alarm or replaces its settings. AWS ignores the tags of a request for an existing alarm (API
/// reference of PutMetricAlarm), so they are always sent: the alarm may have been deleted since the plan.
pub(super) fn expand(
    call: PutMetricAlarmFluentBuilder,
    model: &MetricAlarmModel,
) -> PutMetricAlarmFluentBuilder {
    let missing_data =
        model.treat_missing_data.text().and_then(rules::canonical_missing_data).unwrap_or("missing");
    // API reference: "This parameter is not applicable to PromQL alarms."
    let missing_data = model.promql().is_none().then(|| missing_data.to_owned());
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
        .set_treat_missing_data(missing_data)
        .set_evaluate_low_sample_count_percentile(owned(&model.evaluate_low_sample_count_percentiles))
        .set_evaluation_criteria(model.promql().map(expand_criteria))
        .set_evaluation_interval(model.evaluation_interval.known().copied())
        .set_evaluation_window(model.wall_clock().map(expand_window))
        .set_warm_up_configuration(model.warm_up().map(expand_warm_up))
        .set_tags(model.tags_all.known().and_then(tags::expand))
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

fn expand_criteria(model: &PromQlModel) -> EvaluationCriteria {
    let criteria = AlarmPromQlCriteria::builder()
        .set_query(owned(&model.query))
        .set_pending_period(model.pending_period.known().copied())
        .set_recovery_period(model.recovery_period.known().copied());
    EvaluationCriteria::PromQlCriteria(criteria.build())
}

fn expand_window(model: &WallClockModel) -> EvaluationWindow {
    EvaluationWindow::WallClockWindow(WallClockWindow::builder().set_timezone(owned(&model.timezone)).build())
}

fn expand_warm_up(model: &WarmUpModel) -> WarmUpConfiguration {
    WarmUpConfiguration::builder()
        .set_warm_up_period_duration_in_minutes(model.warm_up_period_duration_in_minutes.known().copied())
        .only_start_evaluating_after_warm_up_period_ends(
            model.only_start_evaluating_after_warm_up_period_ends.is_true(),
        )
        .build()
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
        self.actions_enabled = Field::Known(alarm.actions_enabled.unwrap_or(true));
        self.alarm_actions = flatten_set(alarm.alarm_actions());
        self.ok_actions = flatten_set(alarm.ok_actions());
        self.insufficient_data_actions = flatten_set(alarm.insufficient_data_actions());
        self.evaluation_criteria = flatten_criteria(alarm);
        self.evaluation_interval = alarm.evaluation_interval.into();
        self.evaluation_window = flatten_window(alarm);
        self.warm_up_configuration = flatten_warm_up(alarm);
        if self.promql().is_none() || self.treat_missing_data.is_null() {
            // AWS does not return the default.
            self.treat_missing_data = alarm.treat_missing_data().unwrap_or("missing").into();
        }
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

fn flatten_criteria(alarm: &MetricAlarm) -> Field<Vec<CriteriaModel>> {
    let criteria = alarm.evaluation_criteria().and_then(|criteria| criteria.as_prom_ql_criteria().ok());
    let criteria = criteria.map(|criteria| PromQlModel {
        query: criteria.query().into(),
        pending_period: Field::Known(criteria.pending_period.unwrap_or_default()),
        recovery_period: Field::Known(criteria.recovery_period.unwrap_or_default()),
    });
    let block = |criteria| CriteriaModel { promql_criteria: Field::Known(vec![criteria]) };
    Field::Known(criteria.map(block).into_iter().collect())
}

/// The window; none for one that slides, which is the default.
fn flatten_window(alarm: &MetricAlarm) -> Field<Vec<WindowModel>> {
    let window = alarm.evaluation_window().and_then(|window| window.as_wall_clock_window().ok());
    let block = |window: &WallClockWindow| {
        let window = WallClockModel { timezone: window.timezone().into() };
        WindowModel { wall_clock_window: Field::Known(vec![window]) }
    };
    Field::Known(window.map(block).into_iter().collect())
}

fn flatten_warm_up(alarm: &MetricAlarm) -> Field<Vec<WarmUpModel>> {
    let block = |it: &WarmUpConfiguration| WarmUpModel {
        warm_up_period_duration_in_minutes: it.warm_up_period_duration_in_minutes.into(),
        only_start_evaluating_after_warm_up_period_ends: Field::Known(
            it.only_start_evaluating_after_warm_up_period_ends.unwrap_or_default(),
        ),
    };
    Field::Known(alarm.warm_up_configuration().map(block).into_iter().collect())
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
