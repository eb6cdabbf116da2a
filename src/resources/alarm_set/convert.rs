//! Between the alarms of a set and CloudWatch's types.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::operation::put_composite_alarm::builders::PutCompositeAlarmFluentBuilder;
use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder;
use aws_sdk_cloudwatch::types::{
    ComparisonOperator, CompositeAlarm, Dimension, MetricAlarm, StandardUnit, Statistic,
};

use super::attributes::{Alarm, AlarmModel, Arns, CompositeAlarmModel};
use crate::aws::Tags;
use crate::resources::common::alarm::rules;
use crate::resources::common::alarm::suppressor::SuppressorModel;
use crate::services::cloudwatch::{alarm, tags};
use crate::value::Field;

/// The request that creates a metric alarm or replaces its settings. AWS ignores the tags of a request for an existing alarm
/// (API reference of PutMetricAlarm), so they are always sent.
pub(super) fn expand_metric(
    call: PutMetricAlarmFluentBuilder,
    model: &AlarmModel,
    tags_all: &Field<Tags>,
) -> PutMetricAlarmFluentBuilder {
    let dimension = |(name, value): (&String, &String)| Dimension::builder().name(name).value(value).build();
    let dimensions = model.dimensions.known().into_iter().flatten().map(dimension).collect();
    let (plain, extended) = match model.statistic.text() {
        Some(statistic) if rules::STATISTICS.contains(&statistic) => (Some(Statistic::from(statistic)), None),
        statistic => (None, statistic.map(str::to_owned)),
    };
    call.set_alarm_name(owned(&model.name))
        .set_alarm_description(owned(&model.description))
        .set_namespace(owned(&model.namespace))
        .set_metric_name(owned(&model.metric_name))
        .set_dimensions(Some(dimensions))
        .set_statistic(plain)
        .set_extended_statistic(extended)
        .set_comparison_operator(model.comparison_operator.text().map(ComparisonOperator::from))
        .set_threshold(model.threshold.known().copied())
        .set_period(model.period.known().copied())
        .set_evaluation_periods(model.evaluation_periods.known().copied())
        .set_datapoints_to_alarm(model.datapoints_to_alarm.known().copied())
        .set_treat_missing_data(owned(&model.treat_missing_data))
        .set_actions_enabled(model.actions_enabled.known().copied())
        .set_alarm_actions(list(&model.alarm_actions))
        .set_ok_actions(list(&model.ok_actions))
        .set_insufficient_data_actions(list(&model.insufficient_data_actions))
        .set_tags(tags_all.known().and_then(tags::expand))
}

/// The request that creates a composite alarm or replaces its settings.
pub(super) fn expand_composite(
    call: PutCompositeAlarmFluentBuilder,
    model: &CompositeAlarmModel,
    tags_all: &Field<Tags>,
) -> PutCompositeAlarmFluentBuilder {
    call.set_alarm_name(owned(&model.name))
        .set_alarm_description(owned(&model.description))
        .set_alarm_rule(owned(&model.rule))
        .set_actions_enabled(model.actions_enabled.known().copied())
        .set_alarm_actions(list(&model.alarm_actions))
        .set_ok_actions(list(&model.ok_actions))
        .set_insufficient_data_actions(list(&model.insufficient_data_actions))
        .set_actions_suppressor(owned(&model.suppressor))
        .set_actions_suppressor_wait_period(model.suppressor_wait_period.known().copied())
        .set_actions_suppressor_extension_period(model.suppressor_extension_period.known().copied())
        .set_tags(tags_all.known().and_then(tags::expand))
}

fn owned(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

/// The elements; an empty list removes all actions.
fn list(actions: &Field<Arns>) -> Option<Vec<String>> {
    Some(actions.known().into_iter().flatten().cloned().collect())
}

/// An existing alarm of either kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Observed {
    /// A metric alarm.
    Metric(AlarmModel),
    /// A composite alarm.
    Composite(CompositeAlarmModel),
}

impl Observed {
    /// The name.
    pub(super) fn name(&self) -> &str {
        match self {
            Observed::Metric(alarm) => alarm.name(),
            Observed::Composite(alarm) => alarm.name(),
        }
    }

    /// The ARN.
    pub(super) fn arn(&self) -> &Field<String> {
        match self {
            Observed::Metric(alarm) => &alarm.arn,
            Observed::Composite(alarm) => &alarm.arn,
        }
    }
}

/// Alarms by name.
pub(super) fn by_name(found: &alarm::Alarms) -> BTreeMap<String, Observed> {
    let metric = found.metric.iter().map(|it| Observed::Metric(flatten_metric(it)));
    let composite = found.composite.iter().map(|it| Observed::Composite(flatten_composite(it)));
    metric.chain(composite).map(|alarm| (alarm.name().to_owned(), alarm)).collect()
}

/// A metric alarm. Settings that the set does not write, such as queries, are missing, so an alarm with them differs from
/// the desired one.
fn flatten_metric(alarm: &MetricAlarm) -> AlarmModel {
    let statistic = alarm.statistic().map(Statistic::as_str).or(alarm.extended_statistic());
    let pair = |it: &Dimension| Some((it.name()?.to_owned(), it.value()?.to_owned()));
    let dimensions: BTreeMap<_, _> = alarm.dimensions().iter().filter_map(pair).collect();
    let all = alarm.datapoints_to_alarm == alarm.evaluation_periods;
    AlarmModel {
        name: alarm.alarm_name().into(),
        arn: alarm.alarm_arn().into(),
        description: alarm.alarm_description().into(),
        namespace: alarm.namespace().into(),
        metric_name: alarm.metric_name().into(),
        dimensions: Field::Known(dimensions),
        statistic: statistic.into(),
        unit: alarm.unit().map(StandardUnit::as_str).into(),
        comparison_operator: alarm.comparison_operator().map(ComparisonOperator::as_str).into(),
        threshold: alarm.threshold.into(),
        period: alarm.period.into(),
        evaluation_periods: alarm.evaluation_periods.into(),
        // The console of AWS writes it even if all periods must breach.
        datapoints_to_alarm: if all { Field::Null } else { alarm.datapoints_to_alarm.into() },
        // AWS does not return the default.
        treat_missing_data: alarm.treat_missing_data().unwrap_or("missing").into(),
        actions_enabled: alarm.actions_enabled.into(),
        alarm_actions: Field::Known(alarm.alarm_actions().iter().cloned().collect()),
        ok_actions: Field::Known(alarm.ok_actions().iter().cloned().collect()),
        insufficient_data_actions: Field::Known(alarm.insufficient_data_actions().iter().cloned().collect()),
        tags: Field::Null,
    }
}

/// A composite alarm.
fn flatten_composite(alarm: &CompositeAlarm) -> CompositeAlarmModel {
    let suppressor = SuppressorModel::observed(
        alarm.actions_suppressor(),
        alarm.actions_suppressor_wait_period,
        alarm.actions_suppressor_extension_period,
    );
    let observed = CompositeAlarmModel {
        name: alarm.alarm_name().into(),
        arn: alarm.alarm_arn().into(),
        description: alarm.alarm_description().into(),
        rule: alarm.alarm_rule().into(),
        actions_enabled: alarm.actions_enabled.into(),
        alarm_actions: Field::Known(alarm.alarm_actions().iter().cloned().collect()),
        ok_actions: Field::Known(alarm.ok_actions().iter().cloned().collect()),
        insufficient_data_actions: Field::Known(alarm.insufficient_data_actions().iter().cloned().collect()),
        ..CompositeAlarmModel::default()
    };
    observed.suppressed_by(suppressor.as_ref())
}
