//! Listing alarms.

use super::{Alarm, Store, composite};
use crate::simulator::json::Input;
use crate::simulator::protocol::ServiceError;
use crate::simulator::stores::page;
use serde_json::{Map, Value, json};

pub(super) fn describe(store: &Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let names = input.texts("AlarmNames")?;
    if names.len() > 100 {
        let observed = format!("[{}]", names.join(", "));
        return Err(input.broken("AlarmNames", observed, "have length less than or equal to 100"));
    }
    let prefix = input.bounded("AlarmNamePrefix", 1, 255)?;
    if prefix.is_some() && !names.is_empty() {
        // "If this parameter is specified, you cannot specify AlarmNames."
        let message = "AlarmNamePrefix and AlarmNames are mutually exclusive";
        return Err(ServiceError::new("ValidationError", message));
    }
    let types = input.texts("AlarmTypes")?;
    // "If you omit this parameter, only metric alarms are returned, even if composite alarms exist."
    let desired = |alarm: &Alarm| match types.as_slice() {
        [] => !alarm.composite,
        types => types.contains(&if alarm.composite { "CompositeAlarm" } else { "MetricAlarm" }),
    };
    let state = input.one_of("StateValue", &["INSUFFICIENT_DATA", "ALARM", "OK"])?;
    let action = input.bounded("ActionPrefix", 1, 1024)?;
    let (children, parents) = (input.text("ChildrenOfAlarmName")?, input.text("ParentsOfAlarmName")?);
    let of_family = children.is_some() || parents.is_some();
    // "If you specify ParentsOfAlarmName, you cannot specify any other parameters in the request except for MaxRecords and
    // NextToken", and the same of ChildrenOfAlarmName (API reference); the wording is a belief.
    let others = [
        !names.is_empty(),
        prefix.is_some(),
        !types.is_empty(),
        state.is_some(),
        action.is_some(),
        children.is_some() && parents.is_some(),
    ];
    if of_family && others.contains(&true) {
        let message = "ChildrenOfAlarmName and ParentsOfAlarmName cannot be specified with other parameters";
        return Err(ServiceError::new("ValidationError", message));
    }
    let found = store.iter().filter(|(name, alarm)| {
        (of_family || desired(alarm))
            && (names.is_empty() || names.contains(&name.as_str()))
            && prefix.is_none_or(|prefix| name.starts_with(prefix))
            && state.is_none_or(|state| alarm.observed.get("StateValue").is_some_and(|is| is == state))
            && action.is_none_or(|action| has_action(alarm, action))
            && children.is_none_or(|of| store.get(of).is_some_and(|of| of.children().any(|c| c == **name)))
            && parents.is_none_or(|of| composite::parents(store, of).any(|parent| parent == *name))
    });
    // Belief: without MaxRecords a page holds 50; the reference gives 100 as the most and no default.
    let size = input.within("MaxRecords", 1, 100)?.and_then(|size| usize::try_from(size).ok()).unwrap_or(50);
    let bad = || ServiceError::new("InvalidNextToken", "The next token specified is invalid.");
    let (found, next) = page(found.collect(), input.text("NextToken")?, size).ok_or_else(bad)?;
    let of = |composite: bool| -> Vec<Value> {
        let these = found.iter().filter(|(_, alarm)| alarm.composite == composite);
        these.map(|(_, alarm)| Value::Object(shown(alarm, of_family))).collect()
    };
    let mut answer = json!({ "MetricAlarms": of(false), "CompositeAlarms": of(true) });
    if let Some(next) = next {
        answer["NextToken"] = json!(next);
    }
    Ok(answer)
}

/// "Only the Alarm Name and ARN are returned" for parents and children.
fn shown(alarm: &Alarm, of_family: bool) -> Map<String, Value> {
    let mut shown = alarm.observed.clone();
    if of_family {
        shown.retain(|member, _| ["AlarmName", "AlarmArn"].contains(&member.as_str()));
    }
    shown
}

fn has_action(alarm: &Alarm, prefix: &str) -> bool {
    let actions = super::alarms::ACTIONS.into_iter().filter_map(|kind| alarm.observed.get(kind)?.as_array());
    actions.flatten().filter_map(Value::as_str).any(|action| action.starts_with(prefix))
}
