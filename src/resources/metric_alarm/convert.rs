//! Between the model and CloudWatch's types.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder;
use aws_sdk_cloudwatch::types::{
    ComparisonOperator, Dimension, Metric, MetricAlarm, MetricDataQuery, MetricStat, StandardUnit, Statistic,
};

use super::model::{MetricAlarmModel, MetricModel, QueryModel};
use crate::resources::common::alarm::rules;
use crate::services::cloudwatch::tags;
use crate::value::{Field, SetOf};

/// The request that creates the alarm, or replaces its settings. AWS accepts tags only when it
/// creates.
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
        .set_dimensions(dimensions(&model.dimensions))
        .set_period(model.period.known().copied())
        .set_statistic(model.statistic.text().map(Statistic::from))
        .set_extended_statistic(owned(&model.extended_statistic))
        .set_unit(model.unit.text().map(StandardUnit::from))
        .set_metrics(queries(model))
        .set_actions_enabled(model.actions_enabled.known().copied())
        .set_alarm_actions(Some(list(&model.alarm_actions)))
        .set_ok_actions(Some(list(&model.ok_actions)))
        .set_insufficient_data_actions(Some(list(&model.insufficient_data_actions)))
        .treat_missing_data(missing_data.unwrap_or("missing"))
        .set_evaluate_low_sample_count_percentile(owned(&model.evaluate_low_sample_count_percentiles))
        .set_tags(if create { model.tags_all.known().and_then(tags::expand) } else { None })
}

/// Dimensions in the form of the API; `None` when there are none.
fn dimensions(field: &Field<BTreeMap<String, String>>) -> Option<Vec<Dimension>> {
    let entries = field.known().filter(|entries| !entries.is_empty())?;
    Some(entries.iter().map(|(name, value)| Dimension::builder().name(name).value(value).build()).collect())
}

/// Queries in the form of the API; `None` when there are none.
fn queries(model: &MetricAlarmModel) -> Option<Vec<MetricDataQuery>> {
    let queries = model.queries().filter(|queries| !queries.is_empty())?;
    Some(queries.iter().map(query).collect())
}

fn query(query: &QueryModel) -> MetricDataQuery {
    let metric = query.metric.known().and_then(|metrics| metrics.first());
    MetricDataQuery::builder()
        .set_id(owned(&query.id))
        .set_account_id(owned(&query.account_id))
        .set_expression(owned(&query.expression))
        .set_label(owned(&query.label))
        .set_period(query.period.known().copied())
        .return_data(query.return_data.is_true())
        .set_metric_stat(metric.map(stat))
        .build()
}

fn stat(model: &MetricModel) -> MetricStat {
    let metric = Metric::builder()
        .set_metric_name(owned(&model.metric_name))
        .set_namespace(owned(&model.namespace))
        .set_dimensions(dimensions(&model.dimensions))
        .build();
    MetricStat::builder()
        .metric(metric)
        .set_period(model.period.known().copied())
        .set_stat(owned(&model.stat))
        .set_unit(model.unit.text().map(StandardUnit::from))
        .build()
}

/// The text when given; AWS refuses empty ones.
fn owned(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

/// The elements; an empty list takes all actions away.
fn list(field: &Field<BTreeSet<String>>) -> Vec<String> {
    field.known().into_iter().flatten().cloned().collect()
}

impl MetricAlarmModel {
    /// The model with what AWS shows of the alarm; tags come from elsewhere.
    pub(super) fn with_live(mut self, alarm: &MetricAlarm) -> Self {
        let text = |value: Option<&str>| Field::from(value.map(str::to_owned));
        self.datapoints_to_alarm = live_datapoints(&self, alarm);
        self.id = text(alarm.alarm_name());
        self.alarm_name = text(alarm.alarm_name());
        self.arn = text(alarm.alarm_arn());
        self.alarm_description = text(alarm.alarm_description());
        self.comparison_operator = text(alarm.comparison_operator().map(ComparisonOperator::as_str));
        self.evaluation_periods = alarm.evaluation_periods.into();
        self.threshold = alarm.threshold.into();
        self.threshold_metric_id = text(alarm.threshold_metric_id());
        self.metric_name = text(alarm.metric_name());
        self.namespace = text(alarm.namespace());
        self.dimensions = live_dimensions(alarm.dimensions());
        self.period = alarm.period.into();
        self.statistic = text(alarm.statistic().map(Statistic::as_str));
        self.extended_statistic = text(alarm.extended_statistic());
        self.unit = text(alarm.unit().map(StandardUnit::as_str));
        self.actions_enabled = alarm.actions_enabled.into();
        self.alarm_actions = live_set(alarm.alarm_actions());
        self.ok_actions = live_set(alarm.ok_actions());
        self.insufficient_data_actions = live_set(alarm.insufficient_data_actions());
        // Not shown means the default.
        self.treat_missing_data = text(Some(alarm.treat_missing_data().unwrap_or("missing")));
        self.evaluate_low_sample_count_percentiles = text(alarm.evaluate_low_sample_count_percentile());
        self.metric_query = Field::Known(SetOf(alarm.metrics().iter().map(live_query).collect()));
        self
    }
}

/// The number of breaching periods, unless both the alarm and the state mean all of them. The state
/// of an import says nothing: it gets the number, which satisfies a configuration with and one
/// without it.
fn live_datapoints(state: &MetricAlarmModel, alarm: &MetricAlarm) -> Field<i32> {
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

fn live_query(query: &MetricDataQuery) -> QueryModel {
    let text = |value: Option<&str>| Field::from(value.map(str::to_owned));
    QueryModel {
        id: text(query.id()),
        account_id: text(query.account_id()),
        expression: text(query.expression()),
        label: text(query.label()),
        period: query.period.into(),
        return_data: Field::Known(query.return_data.unwrap_or_default()),
        metric: Field::Known(query.metric_stat().map(live_stat).into_iter().collect()),
    }
}

fn live_stat(stat: &MetricStat) -> MetricModel {
    let text = |value: Option<&str>| Field::from(value.map(str::to_owned));
    let metric = stat.metric();
    MetricModel {
        metric_name: text(metric.and_then(Metric::metric_name)),
        namespace: text(metric.and_then(Metric::namespace)),
        dimensions: live_dimensions(metric.map(Metric::dimensions).unwrap_or_default()),
        period: stat.period.into(),
        stat: text(stat.stat()),
        unit: text(stat.unit().map(StandardUnit::as_str)),
    }
}

fn live_dimensions(dimensions: &[Dimension]) -> Field<BTreeMap<String, String>> {
    if dimensions.is_empty() {
        return Field::Null;
    }
    let pairs = dimensions.iter().filter_map(|it| Some((it.name()?.to_owned(), it.value()?.to_owned())));
    Field::Known(pairs.collect())
}

fn live_set(values: &[String]) -> Field<BTreeSet<String>> {
    if values.is_empty() { Field::Null } else { Field::Known(values.iter().cloned().collect()) }
}
