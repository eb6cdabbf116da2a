//! Alarms as CloudWatch shows them, in the form they have in the set.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::{
    ComparisonOperator, CompositeAlarm, Dimension, MetricAlarm, StandardUnit, Statistic,
};

use super::model::{Alarm, AlarmModel, CompositeAlarmModel};
use crate::value::Field;

/// An alarm of either kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Live {
    /// On a metric.
    Metric(AlarmModel),
    /// Over other alarms.
    Composite(CompositeAlarmModel),
}

impl Live {
    /// The name; empty when CloudWatch shows none.
    pub(super) fn name(&self) -> &str {
        match self {
            Live::Metric(alarm) => alarm.name(),
            Live::Composite(alarm) => alarm.name(),
        }
    }

    /// The ARN.
    pub(super) fn arn(&self) -> &Field<String> {
        match self {
            Live::Metric(alarm) => &alarm.arn,
            Live::Composite(alarm) => &alarm.arn,
        }
    }
}

fn text(value: Option<&str>) -> Field<String> {
    Field::from(value.map(str::to_owned))
}

/// A metric alarm. What the set never writes, such as queries, leaves other members
/// empty, so that an alarm with them is not what the set wants.
pub(super) fn metric(alarm: &MetricAlarm) -> AlarmModel {
    let statistic = alarm.statistic().map(Statistic::as_str).or(alarm.extended_statistic());
    let pair = |it: &Dimension| Some((it.name()?.to_owned(), it.value()?.to_owned()));
    let dimensions: BTreeMap<_, _> = alarm.dimensions().iter().filter_map(pair).collect();
    let all = alarm.datapoints_to_alarm == alarm.evaluation_periods;
    AlarmModel {
        name: text(alarm.alarm_name()),
        arn: text(alarm.alarm_arn()),
        description: text(alarm.alarm_description()),
        namespace: text(alarm.namespace()),
        metric_name: text(alarm.metric_name()),
        dimensions: Field::Known(dimensions),
        statistic: text(statistic),
        unit: text(alarm.unit().map(StandardUnit::as_str)),
        comparison_operator: text(alarm.comparison_operator().map(ComparisonOperator::as_str)),
        threshold: alarm.threshold.into(),
        period: alarm.period.into(),
        evaluation_periods: alarm.evaluation_periods.into(),
        // The console writes it where all periods must breach.
        datapoints_to_alarm: if all { Field::Null } else { alarm.datapoints_to_alarm.into() },
        // Not shown means the default.
        treat_missing_data: text(Some(alarm.treat_missing_data().unwrap_or("missing"))),
        actions_enabled: alarm.actions_enabled.into(),
        alarm_actions: Field::Known(alarm.alarm_actions().iter().cloned().collect()),
        ok_actions: Field::Known(alarm.ok_actions().iter().cloned().collect()),
        insufficient_data_actions: Field::Known(alarm.insufficient_data_actions().iter().cloned().collect()),
        tags: Field::Null,
    }
}

/// A composite alarm.
pub(super) fn composite(alarm: &CompositeAlarm) -> CompositeAlarmModel {
    CompositeAlarmModel {
        name: text(alarm.alarm_name()),
        arn: text(alarm.alarm_arn()),
        description: text(alarm.alarm_description()),
        rule: text(alarm.alarm_rule()),
        actions_enabled: alarm.actions_enabled.into(),
        alarm_actions: Field::Known(alarm.alarm_actions().iter().cloned().collect()),
        ok_actions: Field::Known(alarm.ok_actions().iter().cloned().collect()),
        insufficient_data_actions: Field::Known(alarm.insufficient_data_actions().iter().cloned().collect()),
        tags: Field::Null,
    }
}
