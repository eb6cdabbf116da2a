//! Attributes of `elasticache_composite_alarm`.

use std::collections::BTreeSet;

use super::rule::same_rule;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::alarm::rules;
use crate::resources::common::alarm::suppressor::SuppressorModel;
use crate::schema::{Check, Equivalence, block, common, computed, optional, required};
use crate::value::Field;

object! {
    /// Manages a composite alarm: a CloudWatch alarm over other alarms, which sends one notification in place of theirs. For
    /// the alarms of one replication group, `composite_alarm` of `elasticache_alarm_set` composes the rule and follows the
    /// nodes. See
    /// [PutCompositeAlarm](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html).
    /// CloudWatch bills each alarm.
    pub struct CompositeAlarmModel {
        /// Name of the alarm.
        id: Field<String> = computed(),
        /// ARN of the alarm.
        arn: Field<String> = computed(),
        /// Name of the alarm, unique in the account and the Region. Changing this forces a new resource.
        alarm_name: Field<String> = required().check(Check::Length(1, 255)).replace(),
        /// Rule over the states of other alarms, such as `ALARM("cpu") OR NOT OK("memory")`, with `ALARM`, `OK` and
        /// `INSUFFICIENT_DATA` of an alarm name or ARN, `TRUE`, `FALSE`, `AND`, `OR`, `NOT` and parentheses; at most 10240
        /// characters and 100 different alarms. The alarms must exist. White space between the parts makes no difference.
        alarm_rule: Field<String> = required()
            .check(Check::Length(1, 10_240))
            .equivalent_if(Equivalence::By(same_rule)),
        /// Description of the alarm. If omitted, the alarm has none.
        alarm_description: Field<String> = optional().check(Check::Length(0, 1024)),
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
        /// Whether a create takes over an existing composite alarm of this name and replaces its settings. If `false`, an
        /// existing alarm with other settings is an error; it can be imported.
        overwrite: Field<bool> = optional().default(false).directive()
            .not_readable("Used when the alarm is created"),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        actions_suppressor: Field<Vec<SuppressorModel>> = block().max(1),
    }
}

impl CompositeAlarmModel {
    /// The name of the alarm.
    pub(super) fn name(&self) -> &str {
        self.alarm_name.text().unwrap_or_default()
    }

    /// The suppressor.
    pub(super) fn suppressor(&self) -> Option<&SuppressorModel> {
        self.actions_suppressor.known()?.first()
    }
}
