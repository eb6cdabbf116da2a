//! Plans the alarms, their ARNs and their Region.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{Alarm, AlarmModel, AlarmSetModel, Alarms, names};
use super::desired::{DesiredAlarms, desired_alarms};
use super::validate::check_region;
use super::{pending, serverless};
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::value::{Field, Path};

/// Adjusts the plan of the engine.
pub(super) fn plan(cx: &mut PlanContext<'_, AlarmSetModel>) {
    serverless::plan(cx);
    let id = cx.planned.set_id();
    // Another spelling is the same cache, and the identity of an object does not change.
    let same = |prior: &&str| id.text().is_some_and(|id| id.eq_ignore_ascii_case(prior));
    let unchanged = cx.prior.and_then(|prior| prior.id.text()).filter(same).map(str::to_owned);
    cx.set("id", unchanged.map_or(id, Field::Known));
    plan_region(cx);
    // The validation already returned the warnings.
    let mut diags = Diagnostics::new();
    let desired = desired_alarms(&cx.planned, &mut diags);
    if diags.has_errors() {
        cx.diags.extend(diags);
    }
    let Field::Known(desired) = desired else {
        cx.set_unknown("alarm_names");
        cx.set_unknown("alarms");
        cx.set_unknown("composite_alarms");
        return;
    };
    warn_of_removed_alarms(cx, &desired);
    let names = names(&desired.alarms, &desired.composites);
    cx.set("alarm_names", Field::Known(names.clone()));
    let existing = cx.prior.map(AlarmSetModel::existing_alarms).unwrap_or_default();
    let alarms = without_repeated(with_arns(desired.alarms, &existing), &existing);
    cx.set("alarms", Field::Known(alarms));
    let existing = cx.prior.map(AlarmSetModel::existing_composites).unwrap_or_default();
    cx.set("composite_alarms", Field::Known(with_arns(desired.composites, &existing)));
    pending::plan(cx, &names);
}

/// Warns of imported alarms that the configuration does not have.
fn warn_of_removed_alarms(cx: &mut PlanContext<'_, AlarmSetModel>, desired: &DesiredAlarms) {
    let Some(prior) = cx.prior.filter(|_| cx.is_imported()) else { return };
    let (alarms, composites) = (prior.existing_alarms(), prior.existing_composites());
    let is_desired = |name: &str| desired.names().any(|it| it == name);
    let names = alarms.values().map(Alarm::name).chain(composites.values().map(Alarm::name));
    let removed: Vec<&str> = names.filter(|name| !is_desired(name)).collect();
    if !removed.is_empty() {
        let detail = format!(
            "The alarm set was imported with alarms that the configuration does not have. The apply deletes them:\n\n  \
             {}\n\nTo keep them, add them to `metrics`, or add `composite_alarm`.",
            removed.join("\n  ")
        );
        cx.diags.warning_at(Path::attribute("metrics"), "Imported alarms are deleted", detail);
    }
}

/// The alarms are in the Region of the replication group. A replication group that is replaced by one in another Region
/// forces a new set there.
fn plan_region(cx: &mut PlanContext<'_, AlarmSetModel>) {
    let region = match &cx.planned.replication_group {
        Field::Known(group) => group.region.clone(),
        Field::Unknown => Field::Unknown,
        Field::Null => Field::Null,
    };
    // An unknown Region may be that of the existing alarms, so it does not force a new set.
    let follows = region.text().is_some() || region.is_unknown() && cx.is_create();
    if cx.config.region.is_null() && follows {
        return cx.set("region", region);
    }
    let mut diags = Diagnostics::new();
    check_region(&cx.planned, &mut diags);
    cx.diags.extend(diags);
}

/// The alarms, where those of an added node are unknown if another node keeps the same alarm unchanged: the plan then has
/// one line for each of them instead of twenty.
fn without_repeated(
    desired: Alarms<AlarmModel>,
    existing: &Alarms<AlarmModel>,
) -> BTreeMap<String, Field<AlarmModel>> {
    let parts = |key: &str| key.split_once('/').map(|(node, alarm)| (node.to_owned(), alarm.to_owned()));
    let nodes: BTreeSet<String> =
        existing.keys().filter_map(|key| parts(key)).map(|(node, _)| node).collect();
    let is_unchanged = |(key, alarm): &(&String, &AlarmModel)| existing.get(*key) == Some(*alarm);
    let unchanged = desired.iter().filter(is_unchanged).filter_map(|(key, _)| parts(key));
    let unchanged: BTreeSet<String> = unchanged.map(|(_, alarm)| alarm).collect();
    let is_repeated = |key: &str| {
        parts(key).is_some_and(|(node, alarm)| !nodes.contains(&node) && unchanged.contains(&alarm))
    };
    let planned = |(key, alarm): (String, AlarmModel)| {
        let alarm = if is_repeated(&key) { Field::Unknown } else { Field::Known(alarm) };
        (key, alarm)
    };
    desired.into_iter().map(planned).collect()
}

/// The alarms with the ARNs of existing ones.
fn with_arns<A: Alarm>(desired: Alarms<A>, existing: &Alarms<A>) -> Alarms<A> {
    let arns: BTreeMap<&str, &Field<String>> =
        existing.values().map(|alarm| (alarm.name(), alarm.arn())).collect();
    let with_arn = |(key, alarm): (String, A)| {
        let arn = arns.get(alarm.name()).map_or(Field::Unknown, |arn| (*arn).clone());
        (key, alarm.with_arn(arn))
    };
    desired.into_iter().map(with_arn).collect()
}
