//! Rules of a composite alarm.

use super::attributes::CompositeAlarmModel;
use super::rule::children;
use crate::diag::Diagnostics;
use crate::resources::common::alarm::rules;
use crate::value::Path;

/// Most distinct alarms in a rule (API reference of PutCompositeAlarm: "as many as 100 underlying alarms"). The limit of 500
/// elements in the same document is not checked: it does not say whether the parentheses of functions count.
const MOST_CHILDREN: usize = 100;

/// Checks the arguments against each other.
pub(super) fn alarm(config: &CompositeAlarmModel, diags: &mut Diagnostics) {
    let children = config.alarm_rule.text().map_or(0, |rule| children(rule).len());
    if children > MOST_CHILDREN {
        diags.error_at(
            Path::attribute("alarm_rule"),
            "Too many alarms in alarm_rule",
            format!(
                "A composite alarm accepts at most {MOST_CHILDREN} different alarms, but `alarm_rule` names {children}. Divide them among \
                 several composite alarms, and use one composite alarm over these."
            ),
        );
    }
    let suppressor = config.suppressor().and_then(|suppressor| suppressor.alarm.text());
    if let (Some(suppressor), Some(name)) = (suppressor, config.alarm_name.text())
        && rules::name_of(suppressor) == name
    {
        diags.error_at(
            Path::attribute("actions_suppressor"),
            "Alarm suppresses itself",
            format!(
                "`alarm` of `actions_suppressor` is {name:?}, which is this alarm, so its actions would never be performed. Use \
                 another alarm, or remove `actions_suppressor`."
            ),
        );
    }
}
