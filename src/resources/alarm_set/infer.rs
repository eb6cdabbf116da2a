//! Infers the configuration of a set from its alarms, for an import.
//!
//! An entry of `metrics` keeps only the arguments without which the preset and the defaults lead to other alarms.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{
    Alarm, AlarmModel, AlarmSetModel, Alarms, Arns, CompositeAlarmModel, CompositeModel, MetricModel,
};
use super::composite;
use super::desired::{DesiredAlarms, desired_alarms};
use super::{presets, settings};
use crate::diag::Diagnostics;
use crate::services::cloudwatch::metrics;
use crate::value::Field;

/// The set with the preset, `metrics`, actions and composite alarm that lead to these alarms, as far as any do. If an alarm
/// differs between nodes, the first node is used.
pub(super) fn with_settings(
    mut set: AlarmSetModel,
    alarms: Alarms<AlarmModel>,
    composites: Alarms<CompositeAlarmModel>,
) -> AlarmSetModel {
    let all_off = alarms.values().all(|it| it.actions_enabled == Field::Known(false));
    set.actions_enabled = Field::Known(!all_off);
    let (alarm, ok, insufficient) = match composites.get(composite::ALL) {
        Some(top) => {
            set.composite_alarm = Field::Known(CompositeModel::default());
            (&top.alarm_actions, &top.ok_actions, &top.insufficient_data_actions)
        }
        None => (
            most_frequent(&alarms, |it| &it.alarm_actions),
            most_frequent(&alarms, |it| &it.ok_actions),
            most_frequent(&alarms, |it| &it.insufficient_data_actions),
        ),
    };
    set.alarm_actions = alarm.clone();
    set.ok_actions = ok.clone();
    set.insufficient_data_actions = insufficient.clone();
    let is_not_default = |name: &&&str| **name != presets::DEFAULT;
    let mut names: Vec<&&str> = presets::NAMES.iter().collect();
    names.sort_by_key(is_not_default);
    let fitted = names.into_iter().map(|name| {
        let preset = AlarmSetModel { preset: (*name).into(), ..set.clone() };
        let metrics = entries(&preset, &alarms);
        AlarmSetModel { metrics: Field::Known(metrics), ..preset }
    });
    let fewest = |set: &AlarmSetModel| set.metrics.known().map_or(0, BTreeMap::len);
    let mut set = fitted.min_by_key(fewest).unwrap_or(set);
    if let Some(top) = composites.get(composite::ALL) {
        set.composite_alarm = Field::Known(composite_settings(&set, top));
    }
    AlarmSetModel { alarms: Field::Known(alarms), composite_alarms: Field::Known(composites), ..set }
}

/// The actions of most alarms, so that few entries of `metrics` need own actions. Of two that are equally frequent, the one
/// that is not empty.
fn most_frequent<'a>(
    alarms: &'a Alarms<AlarmModel>,
    part: impl Fn(&'a AlarmModel) -> &'a Field<Arns>,
) -> &'a Field<Arns> {
    let all: Vec<&'a Field<Arns>> = alarms.values().map(part).collect();
    let weight = |actions: &Field<Arns>| {
        let is_some = actions.known().is_some_and(|actions| !actions.is_empty());
        (all.iter().filter(|other| **other == actions).count(), is_some)
    };
    all.iter().copied().max_by_key(|actions| weight(actions)).unwrap_or(&Field::Null)
}

/// The entries of `metrics` that lead from the preset of the set to these alarms.
fn entries(set: &AlarmSetModel, alarms: &Alarms<AlarmModel>) -> BTreeMap<String, MetricModel> {
    let preset: BTreeSet<&str> = settings::preset(set).into_keys().collect();
    let mut samples: BTreeMap<&str, (&str, &AlarmModel)> = BTreeMap::new();
    for (place_and_key, alarm) in alarms {
        if let Some((place, key)) = place_and_key.split_once('/') {
            samples.entry(key).or_insert((place, alarm));
        }
    }
    let mut entries = BTreeMap::new();
    let off = MetricModel { enabled: Field::Known(false), ..MetricModel::default() };
    for key in preset.iter().filter(|key| !samples.contains_key(*key)) {
        // An alarm that no node can have, such as ReplicationLag without replicas, need not be disabled.
        if !of_key(set, key, None).is_empty() {
            entries.insert((*key).to_owned(), off.clone());
        }
    }
    for (key, (place, alarm)) in samples {
        let leads_to_alarm = |entry: Option<&MetricModel>| {
            let found = of_key(set, key, entry);
            found.get(&format!("{place}/{key}")).is_some_and(|it| it.settings() == alarm.settings())
        };
        if !(preset.contains(key) && leads_to_alarm(None)) {
            let entry = entry(set, key, place, alarm);
            entries.insert(key.to_owned(), shortest(entry, |entry| leads_to_alarm(Some(entry))));
        }
    }
    entries
}

/// The alarms of one key, with or without an entry of `metrics`.
fn of_key(set: &AlarmSetModel, key: &str, entry: Option<&MetricModel>) -> Alarms<AlarmModel> {
    let metrics = entry.map(|entry| (key.to_owned(), entry.clone())).into_iter().collect();
    let set = AlarmSetModel {
        metrics: Field::Known(metrics),
        // The presence of a composite alarm decides which alarms have the actions.
        ..set.clone()
    };
    let Field::Known(DesiredAlarms { alarms, .. }) = desired_alarms(&set, &mut Diagnostics::new()) else {
        return Alarms::new();
    };
    alarms.into_iter().filter(|(place, _)| place.split_once('/').is_some_and(|(_, it)| it == key)).collect()
}

/// The entry with all settings of an alarm of this node, of the replication group, or of the serverless cache.
fn entry(set: &AlarmSetModel, key: &str, place: &str, alarm: &AlarmModel) -> MetricModel {
    let cache = set.cache_id().unwrap_or_default();
    let of_group = place == cache;
    // The node is replaced first, because it begins with the ID of its replication group.
    let template = |text: &str| match of_group {
        true => text.replace(place, "{id}"),
        false => text.replace(place, "{member}").replace(&cache, "{id}"),
    };
    let dimensions = alarm.dimensions.known().cloned().unwrap_or_default();
    let dimensions: BTreeMap<_, _> =
        dimensions.into_iter().map(|(name, value)| (name, template(&value))).collect();
    MetricModel {
        metric_name: alarm.metric_name.text().filter(|name| *name != key).map_or(Field::Null, Field::from),
        namespace: alarm
            .namespace
            .text()
            .filter(|it| *it != metrics::NAMESPACE)
            .map_or(Field::Null, Field::from),
        scope: if of_group && !set.is_serverless() { presets::GROUP.into() } else { Field::Null },
        dimensions: Field::Known(dimensions),
        statistic: alarm.statistic.clone(),
        comparison_operator: alarm.comparison_operator.clone(),
        threshold: alarm.threshold.clone(),
        period: alarm.period.clone(),
        evaluation_periods: alarm.evaluation_periods.clone(),
        datapoints_to_alarm: alarm.datapoints_to_alarm.clone(),
        treat_missing_data: alarm.treat_missing_data.clone(),
        description: alarm.description.text().map(&template).into(),
        alarm_actions: alarm.alarm_actions.clone(),
        ok_actions: alarm.ok_actions.clone(),
        insufficient_data_actions: alarm.insufficient_data_actions.clone(),
        ..MetricModel::default()
    }
}

/// The entry without arguments that make no difference.
fn shortest(mut entry: MetricModel, leads_to_alarm: impl Fn(&MetricModel) -> bool) -> MetricModel {
    if !leads_to_alarm(&entry) {
        return entry;
    }
    let without: [fn(&mut MetricModel); 12] = [
        |it| it.dimensions = Field::Null,
        |it| it.description = Field::Null,
        |it| it.statistic = Field::Null,
        |it| it.comparison_operator = Field::Null,
        |it| it.threshold = Field::Null,
        |it| it.period = Field::Null,
        |it| it.evaluation_periods = Field::Null,
        |it| it.datapoints_to_alarm = Field::Null,
        |it| it.treat_missing_data = Field::Null,
        |it| it.alarm_actions = Field::Null,
        |it| it.ok_actions = Field::Null,
        |it| it.insufficient_data_actions = Field::Null,
    ];
    for remove in without {
        let mut shorter = entry.clone();
        remove(&mut shorter);
        if leads_to_alarm(&shorter) {
            entry = shorter;
        }
    }
    entry
}

/// `composite_alarm` for this composite alarm: its suppressor, and what is not the default.
fn composite_settings(set: &AlarmSetModel, top: &CompositeAlarmModel) -> CompositeModel {
    let default = CompositeModel::default();
    let template = |text: &str| match set.cache_id() {
        None => text.to_owned(),
        Some(id) => text.replace(&id, "{id}"),
    };
    let description = top.description.text().map(template).into();
    let described = CompositeModel { description, ..default.clone() };
    let leads_to_alarm = |settings: &CompositeModel| {
        let set = AlarmSetModel { composite_alarm: Field::Known(settings.clone()), ..set.clone() };
        match desired_alarms(&set, &mut Diagnostics::new()) {
            Field::Known(desired) => desired
                .composites
                .get(composite::ALL)
                .is_some_and(|it| it.settings().description == top.settings().description),
            _ => false,
        }
    };
    let is_inherited = top.actions_enabled == set.actions_enabled;
    CompositeModel {
        actions_enabled: if is_inherited { Field::Null } else { top.actions_enabled.clone() },
        actions_suppressor: top.suppressor(),
        ..if leads_to_alarm(&default) { default } else { described }
    }
}

#[cfg(test)]
mod tests {
    use super::super::attributes::GroupModel;
    use super::*;
    use crate::resources::common::alarm::suppressor::SuppressorModel;

    fn set(preset: &str, metrics: &[(&str, MetricModel)]) -> AlarmSetModel {
        let group = GroupModel {
            id: "main".into(),
            member_clusters: Field::Known(vec!["main-001".to_owned(), "main-002".to_owned()]),
            ..GroupModel::default()
        };
        AlarmSetModel {
            replication_group: Field::Known(group),
            preset: preset.into(),
            metrics: Field::Known(metrics.iter().map(|(key, it)| ((*key).to_owned(), it.clone())).collect()),
            name_template: super::super::names::DEFAULT.into(),
            actions_enabled: Field::Known(true),
            ..AlarmSetModel::default()
        }
    }

    fn alarms(set: &AlarmSetModel) -> DesiredAlarms {
        let mut diags = Diagnostics::new();
        let desired = desired_alarms(set, &mut diags).into_known();
        desired.unwrap_or_else(|| panic!("{diags:?}"))
    }

    /// The configuration that is inferred from the alarms of a set.
    fn inferred(set: &AlarmSetModel) -> AlarmSetModel {
        let DesiredAlarms { alarms, composites } = alarms(set);
        let bare = AlarmSetModel {
            replication_group: set.replication_group.clone(),
            name_template: set.name_template.clone(),
            ..AlarmSetModel::default()
        };
        with_settings(bare, alarms, composites)
    }

    fn topic(name: &str) -> Field<Arns> {
        Field::Known(Arns::from([format!("arn:aws:sns:eu-west-1:111122223333:{name}")]))
    }

    #[test]
    fn alarms_of_a_preset_require_no_metrics() {
        for name in presets::NAMES.iter().filter(|name| **name != "none") {
            let found = inferred(&set(name, &[]));
            assert_eq!((found.preset.text(), found.metrics), (Some(*name), Field::Known(BTreeMap::new())));
        }
    }

    #[test]
    fn entries_have_only_differences_from_the_preset() {
        let high = MetricModel { threshold: Field::Known(95.0), ..MetricModel::default() };
        let off = MetricModel { enabled: Field::Known(false), ..MetricModel::default() };
        let metrics = [("CPUUtilization", high), ("Evictions", off)];
        let found = inferred(&set("cache", &metrics));
        assert_eq!(found.preset.text(), Some("cache"));
        assert_eq!(found.metrics, set("cache", &metrics).metrics);
    }

    #[test]
    fn most_frequent_actions_are_those_of_the_set() {
        let quiet = MetricModel { ok_actions: Field::Known(Arns::new()), ..MetricModel::default() };
        let metrics = [("CPUUtilization", quiet)];
        let found = inferred(&AlarmSetModel { ok_actions: topic("chat"), ..set("cache", &metrics) });
        assert_eq!((found.preset.text(), &found.ok_actions), (Some("cache"), &topic("chat")));
        assert_eq!(found.metrics, set("cache", &metrics).metrics);
    }

    #[test]
    fn description_of_the_composite_alarm_uses_the_placeholder() {
        let described = |text: &str| CompositeModel { description: text.into(), ..CompositeModel::default() };
        for text in ["Trouble with {id}", "Trouble"] {
            let composite_alarm = Field::Known(described(text));
            let found = inferred(&AlarmSetModel { composite_alarm, ..set("cache", &[]) });
            assert_eq!(found.composite_alarm, Field::Known(described(text)));
        }
    }

    /// A composite alarm without actions of its own for now, and with this suppressor.
    fn suppressed(alarm: &str) -> CompositeModel {
        let suppressor = SuppressorModel {
            alarm: alarm.into(),
            wait_period: Field::Known(60),
            extension_period: Field::Known(120),
        };
        CompositeModel {
            actions_enabled: Field::Known(false),
            actions_suppressor: Field::Known(suppressor),
            ..CompositeModel::default()
        }
    }

    #[test]
    fn suppressor_and_disabled_actions_are_those_of_the_composite_alarm_alone() {
        let of = |composite| AlarmSetModel { composite_alarm: Field::Known(composite), ..set("cache", &[]) };
        let by_arn = alarms(&of(suppressed("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:maintenance")));
        let top = &by_arn.composites[composite::ALL];
        assert_eq!(top.suppressor, "maintenance".into());
        assert_eq!(
            (&top.suppressor_wait_period, &top.suppressor_extension_period),
            (&Field::Known(60), &Field::Known(120))
        );
        assert_eq!(top.actions_enabled, Field::Known(false));
        assert!(by_arn.alarms.values().all(|alarm| alarm.actions_enabled == Field::Known(true)));
        let found = inferred(&of(suppressed("maintenance")));
        assert_eq!(found.composite_alarm, Field::Known(suppressed("maintenance")));
        let open = SuppressorModel { alarm: Field::Unknown, ..SuppressorModel::default() };
        let open = CompositeModel { actions_suppressor: Field::Known(open), ..CompositeModel::default() };
        assert!(desired_alarms(&of(open), &mut Diagnostics::new()).is_unknown());
    }

    #[test]
    fn inferred_configuration_leads_to_the_same_alarms() {
        let of_group = MetricModel {
            metric_name: "Hits".into(),
            namespace: "Booking".into(),
            scope: presets::GROUP.into(),
            dimensions: Field::Known([("Cache".to_owned(), "{id}".to_owned())].into()),
            statistic: "p99".into(),
            comparison_operator: "LessThanThreshold".into(),
            threshold: Field::Known(1.5),
            period: Field::Known(60),
            evaluation_periods: Field::Known(5),
            datapoints_to_alarm: Field::Known(3),
            description: "Hits of {id}".into(),
            ..MetricModel::default()
        };
        let hot = MetricModel {
            metric_name: "EngineCPUUtilization".into(),
            treat_missing_data: "breaching".into(),
            alarm_actions: topic("pager"),
            ..MetricModel::default()
        };
        let mut set = set("broker", &[("hits", of_group), ("hot", hot)]);
        set.ok_actions = topic("chat");
        for composite in [
            Field::Null,
            Field::Known(CompositeModel { description: "Mine".into(), ..CompositeModel::default() }),
            Field::Known(suppressed("maintenance")),
        ] {
            set.composite_alarm = composite;
            let found = inferred(&set);
            assert_eq!(alarms(&found), alarms(&set));
            assert_eq!(found.preset, set.preset);
        }
    }
}
