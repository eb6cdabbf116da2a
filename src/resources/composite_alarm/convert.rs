//! Between the model and CloudWatch's types.

use std::collections::BTreeSet;

use aws_sdk_cloudwatch::operation::put_composite_alarm::builders::PutCompositeAlarmFluentBuilder;
use aws_sdk_cloudwatch::types::CompositeAlarm;

use super::attributes::CompositeAlarmModel;
use super::rule::canonical_rule;
use crate::resources::common::alarm::suppressor::SuppressorModel;
use crate::services::cloudwatch::tags;
use crate::value::Field;

/// The request that creates the alarm or replaces its settings. AWS ignores the tags of a request for an existing alarm (API
/// reference of PutCompositeAlarm), so they are always sent: the alarm may have been deleted since the plan.
pub(super) fn expand(
    call: PutCompositeAlarmFluentBuilder,
    model: &CompositeAlarmModel,
) -> PutCompositeAlarmFluentBuilder {
    let suppressor = model.suppressor();
    call.alarm_name(model.name())
        .set_alarm_rule(model.alarm_rule.text().map(str::to_owned))
        .set_alarm_description(model.alarm_description.text().map(str::to_owned))
        .set_actions_enabled(model.actions_enabled.known().copied())
        .set_alarm_actions(Some(list(&model.alarm_actions)))
        .set_ok_actions(Some(list(&model.ok_actions)))
        .set_insufficient_data_actions(Some(list(&model.insufficient_data_actions)))
        .set_actions_suppressor(suppressor.and_then(|it| it.alarm.text()).map(str::to_owned))
        .set_actions_suppressor_wait_period(suppressor.and_then(|it| it.wait_period.known().copied()))
        .set_actions_suppressor_extension_period(
            suppressor.and_then(|it| it.extension_period.known().copied()),
        )
        .set_tags(model.tags_all.known().and_then(tags::expand))
}

/// The elements; an empty list removes all actions.
fn list(field: &Field<BTreeSet<String>>) -> Vec<String> {
    field.known().into_iter().flatten().cloned().collect()
}

impl CompositeAlarmModel {
    /// The settings that PutCompositeAlarm writes, in one form: equal settings are the same alarm to CloudWatch.
    pub(super) fn settings(&self) -> Self {
        let text = |field: &Field<String>| field.text().map_or(Field::Null, Field::from);
        let elements = |field: &Field<BTreeSet<String>>| Field::Known(list(field).into_iter().collect());
        let suppressor = self.suppressor().map(SuppressorModel::by_name);
        Self {
            alarm_name: self.alarm_name.clone(),
            alarm_rule: self.alarm_rule.text().map(canonical_rule).into(),
            alarm_description: text(&self.alarm_description),
            actions_enabled: Field::Known(self.actions_enabled.known().copied().unwrap_or(true)),
            alarm_actions: elements(&self.alarm_actions),
            ok_actions: elements(&self.ok_actions),
            insufficient_data_actions: elements(&self.insufficient_data_actions),
            actions_suppressor: Field::Known(suppressor.into_iter().collect()),
            ..Self::default()
        }
    }

    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(mut self, alarm: &CompositeAlarm) -> Self {
        self.id = alarm.alarm_name().into();
        self.alarm_name = alarm.alarm_name().into();
        self.arn = alarm.alarm_arn().into();
        self.alarm_rule = alarm.alarm_rule().into();
        self.alarm_description = alarm.alarm_description().into();
        self.actions_enabled = Field::Known(alarm.actions_enabled.unwrap_or(true));
        self.alarm_actions = flatten_set(alarm.alarm_actions());
        self.ok_actions = flatten_set(alarm.ok_actions());
        self.insufficient_data_actions = flatten_set(alarm.insufficient_data_actions());
        let suppressor = SuppressorModel::observed(
            alarm.actions_suppressor(),
            alarm.actions_suppressor_wait_period,
            alarm.actions_suppressor_extension_period,
        );
        self.actions_suppressor = Field::Known(suppressor.into_iter().collect());
        self
    }
}

fn flatten_set(values: &[String]) -> Field<BTreeSet<String>> {
    if values.is_empty() { Field::Null } else { Field::Known(values.iter().cloned().collect()) }
}
