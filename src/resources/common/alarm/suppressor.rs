//! The suppressor of a composite alarm.

use super::rules;
use crate::object;
use crate::schema::{Check, Equivalence, required};
use crate::value::Field;

object! {
    /// Another alarm that suppresses the actions while it is in the state ALARM, such as one for maintenance. If omitted,
    /// nothing suppresses them.
    pub struct SuppressorModel {
        /// Name or ARN of the other alarm.
        alarm: Field<String> = required()
            .check(Check::Length(1, 1600))
            .equivalent_if(Equivalence::By(rules::same_alarm)),
        /// Seconds for which the actions wait for the other alarm to enter the state ALARM.
        wait_period: Field<i32> = required().check(Check::AtLeast(0)),
        /// Seconds for which the actions remain suppressed after the other alarm has left the state ALARM.
        extension_period: Field<i32> = required().check(Check::AtLeast(0)),
    }
}

impl SuppressorModel {
    /// The suppressor of an existing alarm: name or ARN, and the two periods in seconds; `None` without one.
    pub(in crate::resources) fn observed(
        alarm: Option<&str>,
        wait: Option<i32>,
        extension: Option<i32>,
    ) -> Option<Self> {
        let alarm = alarm.filter(|alarm| !alarm.is_empty())?;
        Some(Self { alarm: alarm.into(), wait_period: wait.into(), extension_period: extension.into() })
    }

    /// The suppressor by the name of its alarm, for comparison.
    pub(in crate::resources) fn by_name(&self) -> Self {
        Self { alarm: self.alarm.text().map(rules::name_of).into(), ..self.clone() }
    }

    /// True if a part is not known yet.
    pub(in crate::resources) fn has_unknown(&self) -> bool {
        self.alarm.is_unknown() || self.wait_period.is_unknown() || self.extension_period.is_unknown()
    }
}
