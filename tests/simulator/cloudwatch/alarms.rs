//! Metric alarms, and what alarms of both kinds share.

use super::{Alarm, Store, check, composite, tags};
use crate::simulator::clock;
use crate::simulator::json::Input;
use crate::simulator::protocol::{Millis, Place, ServiceError};
use serde_json::{Map, Value, json};

pub(super) const ACTIONS: [&str; 3] = ["OKActions", "AlarmActions", "InsufficientDataActions"];

/// Members that are stored as they come.
const KEPT: [&str; 20] = [
    "AlarmName",
    "AlarmDescription",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Period",
    "Unit",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "ComparisonOperator",
    "TreatMissingData",
    "EvaluateLowSampleCountPercentile",
    "ThresholdMetricId",
    "EvaluationWindow",
    "WarmUpConfiguration",
    "EvaluationCriteria",
    "EvaluationInterval",
    "ActionsSuppressorWaitPeriod",
    "AlarmRule",
];

pub(super) fn put(
    store: &mut Store,
    place: &Place,
    input: &Input<'_>,
    now: Millis,
) -> Result<Value, ServiceError> {
    let name = check::metric_alarm(place, input)?;
    let new_tags = tags::read(input)?;
    let mut observed = base(place, input, name, now)?;
    for member in KEPT {
        if let Some(value) = input.get(member) {
            observed.insert(member.to_owned(), value.clone());
        }
    }
    if let Some(threshold) = input.number("Threshold")? {
        observed.insert("Threshold".to_owned(), json!(threshold));
    }
    if input.items("Metrics")?.is_empty() {
        observed.insert("Dimensions".to_owned(), json!(input.items("Dimensions")?));
    } else {
        observed.insert("Metrics".to_owned(), Value::Array(metrics(input)?));
    }
    save(store, name, Alarm { composite: false, observed, tags: new_tags })
}

/// The queries as they are shown: whether they return data is said for each ("the default is true").
fn metrics(input: &Input<'_>) -> Result<Vec<Value>, ServiceError> {
    let fill = |query: &Value| {
        let mut query = query.clone();
        if query.get("ReturnData").is_none_or(Value::is_null) {
            query["ReturnData"] = json!(true);
        }
        if let Some(metric) = query.pointer_mut("/MetricStat/Metric").and_then(Value::as_object_mut) {
            metric.entry("Dimensions").or_insert_with(|| json!([]));
        }
        query
    };
    Ok(input.items("Metrics")?.iter().map(fill).collect())
}

/// What alarms of both kinds show.
pub(super) fn base(
    place: &Place,
    input: &Input<'_>,
    name: &str,
    now: Millis,
) -> Result<Map<String, Value>, ServiceError> {
    let mut observed = Map::new();
    if let Some(configuration) = input.get("ActionConfiguration") {
        observed.insert("ActionConfiguration".to_owned(), configuration.clone());
    }
    let arn = format!("arn:aws:cloudwatch:{}:{}:alarm:{name}", place.region, place.account);
    observed.insert("AlarmArn".to_owned(), json!(arn));
    observed.insert("ActionsEnabled".to_owned(), json!(input.flag("ActionsEnabled")?.unwrap_or(true)));
    for actions in ACTIONS {
        observed.insert(actions.to_owned(), json!(input.texts(actions)?));
    }
    observed.insert("AlarmConfigurationUpdatedTimestamp".to_owned(), json!(clock::seconds(now)));
    let reason = "Unchecked: Initial alarm creation";
    state(&mut observed, "INSUFFICIENT_DATA", reason, now);
    Ok(observed)
}

fn state(observed: &mut Map<String, Value>, state: &str, reason: &str, now: Millis) {
    let changed = observed.get("StateValue").is_none_or(|before| before != state);
    observed.insert("StateValue".to_owned(), json!(state));
    observed.insert("StateReason".to_owned(), json!(reason));
    observed.insert("StateUpdatedTimestamp".to_owned(), json!(clock::seconds(now)));
    if changed {
        observed.insert("StateTransitionedTimestamp".to_owned(), json!(clock::seconds(now)));
    }
}

/// Stores an alarm. "When you update an existing alarm, its state is left unchanged, but the update
/// completely overwrites the previous configuration"; tags of an update are ignored.
pub(super) fn save(store: &mut Store, name: &str, mut alarm: Alarm) -> Result<Value, ServiceError> {
    if let Some(before) = store.get(name) {
        if before.composite != alarm.composite {
            // Names are unique within a region; the wording is a belief.
            let message = format!("An alarm of another type with the name {name} exists");
            return Err(ServiceError::new("ValidationError", message));
        }
        let state = before.observed.iter().filter(|(member, _)| member.starts_with("State"));
        alarm.observed.extend(state.map(|(member, value)| (member.clone(), value.clone())));
        alarm.tags.clone_from(&before.tags);
    }
    store.insert(name.to_owned(), alarm);
    Ok(Value::Null)
}

/// Deletes alarms; of composite ones, one at most. The API model: "If you specify any incorrect alarm
/// names, the alarms you specify with correct names are still deleted." That ResourceNotFound, which
/// the model lists, is answered then as well is a belief, the stricter of the two.
pub(super) fn delete(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let names = input.texts("AlarmNames")?;
    input.need("AlarmNames", input.get("AlarmNames"))?;
    if names.len() > 100 {
        let observed = format!("[{}]", names.join(", "));
        return Err(input.broken("AlarmNames", observed, "have length less than or equal to 100"));
    }
    if names.iter().filter(|name| store.get(**name).is_some_and(|alarm| alarm.composite)).count() > 1 {
        return Err(ServiceError::new(
            "ValidationError",
            "You can delete at most one composite alarm in one call.",
        ));
    }
    // AWS's words, as in ekristen/aws-nuke 462 and cloud-custodian 7763. That a composite alarm in
    // the same call counts as well is a belief, the stricter of the two.
    let needed: Vec<&str> =
        names.iter().copied().filter(|name| composite::parents(store, name).next().is_some()).collect();
    match needed.as_slice() {
        [] => {}
        [one] => {
            let message = format!("Cannot delete {one} as there are composite alarm(s) depending on it.");
            return Err(ServiceError::new("ValidationError", message));
        }
        many => {
            let many = many.join(",");
            let message = format!("Cannot delete {many} as there are composite alarm(s) depending on them.");
            return Err(ServiceError::new("ValidationError", message));
        }
    }
    let missing: Vec<&str> = names.into_iter().filter(|name| store.remove(*name).is_none()).collect();
    if !missing.is_empty() {
        let message = format!("Alarm(s) not found: {}", missing.join(", "));
        return Err(ServiceError { status: 404, ..ServiceError::new("ResourceNotFound", message) });
    }
    Ok(Value::Null)
}

pub(super) fn set_state(store: &mut Store, input: &Input<'_>, now: Millis) -> Result<Value, ServiceError> {
    let name = input.required("AlarmName")?;
    let value = input.one_of("StateValue", &["INSUFFICIENT_DATA", "ALARM", "OK"])?;
    let value = input.need("StateValue", value)?;
    let reason = input.need("StateReason", input.bounded("StateReason", 0, 1023)?)?;
    let none = || ServiceError {
        status: 404,
        ..ServiceError::new("ResourceNotFound", format!("Alarm not found: {name}"))
    };
    let alarm = store.get_mut(name).ok_or_else(none)?;
    state(&mut alarm.observed, value, reason, now);
    Ok(Value::Null)
}

pub(super) fn enable(store: &mut Store, input: &Input<'_>, enabled: bool) -> Result<Value, ServiceError> {
    for name in input.texts("AlarmNames")? {
        // Names without an alarm are passed over. Belief: the model has no error for it.
        if let Some(alarm) = store.get_mut(name) {
            alarm.observed.insert("ActionsEnabled".to_owned(), json!(enabled));
        }
    }
    Ok(Value::Null)
}
