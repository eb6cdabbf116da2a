//! Values in effect, pending values and desired values, for every attribute whose change may wait for the
//! maintenance window. `docs/ARCHITECTURE.md` describes the flow.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::attributes::ReplicationGroupModel;
use super::settings;
use crate::resources::common::engine_version::Version;
use crate::value::Field;

/// Values by attribute, as text.
pub(super) type Values = BTreeMap<String, String>;

pub(super) const DURABILITY: &str = "durability";
pub(super) const ENGINE: &str = "engine";
pub(super) const VERSION: &str = "engine_version";
pub(super) const PARAMETERS: &str = "parameter_group_name";
pub(super) const TLS: &str = "transit_encryption_enabled";
pub(super) const TLS_MODE: &str = "transit_encryption_mode";

/// The attributes whose change may wait, in units that AWS changes together: engine with its version,
/// and TLS with its mode.
fn units() -> &'static [Vec<&'static str>] {
    static UNITS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
        let single = settings::deferrable().map(|name| vec![name]);
        let mut units: Vec<_> = single.chain([vec![ENGINE, VERSION], vec![TLS, TLS_MODE]]).collect();
        units.sort_unstable();
        units
    });
    &UNITS
}

/// Every attribute whose change may wait.
pub(super) fn attributes() -> impl Iterator<Item = &'static str> {
    units().iter().flatten().copied()
}

/// The known value of a deferrable attribute as text; `None` for null and unknown.
pub(super) fn text(model: &ReplicationGroupModel, name: &str) -> Option<String> {
    settings::field_in_place(name).and_then(|field| field.text(model))
}

/// Sets a deferrable attribute.
pub(super) fn set(model: &mut ReplicationGroupModel, name: &str, value: &str) {
    if let Some(field) = settings::field_in_place(name) {
        field.set_text(model, value);
    }
}

/// True when a value of the state or the configuration describes one that AWS returns. `""` leaves the
/// value to AWS and describes any; of the mode of TLS it describes none.
pub(super) fn describes(name: &str, value: &str, observed: &str) -> bool {
    if value.is_empty() {
        // Without TLS there is no mode.
        return name != TLS_MODE || observed.is_empty();
    }
    match (name, Version::parse(value), Version::parse(observed)) {
        (VERSION, Some(value), Some(observed)) => value.contains(observed) || observed.contains(value),
        _ => value.eq_ignore_ascii_case(observed),
    }
}

/// True for a later minor version of the same major one.
fn is_minor_upgrade(name: &str, value: &str, observed: &str) -> bool {
    match (Version::parse(value), Version::parse(observed)) {
        (Some(value), Some(observed)) => name == VERSION && observed.is_minor_upgrade_of(value),
        _ => false,
    }
}

/// The prior state with the values in effect in place of those that wait.
pub(super) fn running(prior: &ReplicationGroupModel) -> ReplicationGroupModel {
    let mut model = prior.clone();
    for (name, value) in prior.running_values.known().into_iter().flatten() {
        set(&mut model, name, value);
    }
    model
}

/// The attributes of this unit that wait in the state.
fn waiting(unit: &[&'static str], pending: &Values) -> Vec<&'static str> {
    unit.iter().copied().filter(|name| pending.contains_key(*name)).collect()
}

/// Writes the pending values over those in effect, which `model` holds, and fills `running_values`. `before` is
/// the prior state: where it holds the value in effect although it knew of the pending change, that change
/// could not be withdrawn, and the state keeps the desired value.
pub(super) fn overlay(model: &mut ReplicationGroupModel, before: &ReplicationGroupModel, pending: &Values) {
    let mut in_effect = Values::new();
    let known = before.pending_modified_values.known();
    for unit in units() {
        let waits = waiting(unit, pending);
        if waits.is_empty() {
            continue;
        }
        let becomes = |name: &str| match pending.get(name) {
            Some(value) => Some(value.clone()),
            // TLS that goes off has no mode.
            None if name == TLS_MODE && pending.get(TLS).is_some_and(|on| on == "false") => {
                Some(String::new())
            }
            None => text(model, name),
        };
        // An upgrade that automatic minor upgrades may bring satisfies the version of the state.
        let automatic = model.auto_minor_version_upgrade.is_true();
        let satisfied = |name: &str, value: &str, observed: &str| {
            describes(name, value, observed) || (automatic && is_minor_upgrade(name, value, observed))
        };
        let same = |value: &dyn Fn(&str) -> Option<String>| {
            unit.iter().all(|name| match (text(before, name), value(name)) {
                (Some(before), Some(value)) => satisfied(name, &before, &value),
                (None, Some(_)) => false,
                (_, None) => true,
            })
        };
        let was_known = waits.iter().all(|name| {
            known.and_then(|known| known.get(*name)).is_some_and(|value| pending.get(*name) == Some(value))
        });
        let desired_runs = !same(&becomes) && was_known && same(&|name| text(model, name));
        let read_back: Vec<(&str, String)> = unit
            .iter()
            .filter_map(|name| {
                let observed = if desired_runs { text(model, name) } else { becomes(name) };
                let retained = text(before, name).filter(|retained| {
                    observed.as_ref().is_some_and(|observed| satisfied(name, retained, observed))
                });
                let value = retained.or_else(|| observed.map(|value| spelled(name, &value)));
                Some((*name, value?))
            })
            .collect();
        for name in in_effect_names(unit, &waits) {
            if let Some(value) = text(model, name) {
                in_effect.insert(name.to_owned(), spelled(name, &value));
            }
        }
        for (name, value) in read_back {
            set(model, name, &value);
        }
    }
    model.running_values = Field::Known(in_effect);
}

/// Of a unit that waits, the attributes whose value in effect is recorded: those that wait, and the
/// mode of TLS with TLS.
fn in_effect_names(unit: &[&'static str], waits: &[&'static str]) -> Vec<&'static str> {
    let whole = waits.contains(&TLS) || waits.contains(&TLS_MODE);
    if whole { unit.to_vec() } else { waits.to_vec() }
}

/// A value as configurations write it.
fn spelled(name: &str, value: &str) -> String {
    match (name, Version::parse(value)) {
        (VERSION, Some(version)) => version.observed(),
        _ => value.to_owned(),
    }
}

/// The attributes whose pending change the plan withdraws: the planned value is the one in effect. Whole units,
/// as far as they are pending.
pub(super) fn withdrawn(prior: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> Vec<&'static str> {
    let Some(in_effect) = prior.running_values.known() else { return Vec::new() };
    let automatic = planned.auto_minor_version_upgrade.is_true();
    let returns = |unit: &&Vec<&'static str>| {
        let waits: Vec<&str> = unit.iter().copied().filter(|name| in_effect.contains_key(*name)).collect();
        let runs = |name: &&str| match (text(planned, name), in_effect.get(*name)) {
            (Some(planned), Some(running)) => {
                describes(name, &planned, running) || (automatic && is_minor_upgrade(name, &planned, running))
            }
            _ => false,
        };
        let differs = |name: &&str| match (text(planned, name), text(prior, name)) {
            (Some(planned), Some(prior)) => !describes(name, &planned, &prior),
            _ => false,
        };
        !waits.is_empty() && waits.iter().all(runs) && waits.iter().any(differs)
    };
    let units = units().iter().filter(returns).flatten().copied();
    units.filter(|name| in_effect.contains_key(*name)).collect()
}

/// `prior` with the planned values of these attributes, so that no other step asks for them.
pub(super) fn without(
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    names: &[&str],
) -> ReplicationGroupModel {
    let mut model = prior.clone();
    for name in names {
        if let Some(value) = text(planned, name) {
            set(&mut model, name, &value);
        }
    }
    model
}

/// Changes that are pending although the plan has the values in effect, because an earlier withdrawal failed:
/// by attribute the value that AWS will set.
pub(super) fn not_withdrawn_yet(prior: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> Values {
    let Some(pending) = prior.pending_modified_values.known() else { return Values::new() };
    let differs = |name: &str, value: &str| {
        let same = |model| text(model, name).is_some_and(|text| describes(name, &text, value));
        !same(planned) && !same(prior)
    };
    pending
        .iter()
        .filter(|(name, value)| attributes().any(|known| known == name.as_str()) && differs(name, value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A state of a group in which nothing waits.
    fn settled() -> ReplicationGroupModel {
        ReplicationGroupModel {
            engine: "redis".into(),
            engine_version: "6.2".into(),
            node_type: "cache.t4g.small".into(),
            parameter_group_name: "default.redis6.x".into(),
            transit_encryption_enabled: Field::Known(false),
            transit_encryption_mode: "".into(),
            automatic_failover_enabled: Field::Known(false),
            multi_az_enabled: Field::Known(false),
            cluster_mode: "disabled".into(),
            durability: "default".into(),
            ip_discovery: "ipv4".into(),
            ..ReplicationGroupModel::default()
        }
    }

    /// A value of each unit that differs from [`settled`], as AWS returns it and as one writes it.
    fn changes() -> Vec<Vec<(&'static str, &'static str, &'static str)>> {
        vec![
            vec![("automatic_failover_enabled", "true", "true")],
            vec![("cluster_mode", "compatible", "compatible")],
            vec![(DURABILITY, "sync", "sync")],
            vec![(ENGINE, "valkey", "valkey"), (VERSION, "8.0.1", "8.0")],
            vec![(VERSION, "7.1.0", "7.1")],
            vec![("ip_discovery", "ipv6", "ipv6")],
            vec![("multi_az_enabled", "true", "true")],
            vec![("node_type", "cache.t4g.medium", "cache.t4g.medium")],
            vec![(PARAMETERS, "own", "own")],
            vec![(TLS, "true", "true"), (TLS_MODE, "preferred", "preferred")],
        ]
    }

    fn pending(change: &[(&str, &str, &str)]) -> Values {
        change.iter().map(|(name, value, _)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn read(before: &ReplicationGroupModel, pending: &Values) -> ReplicationGroupModel {
        let mut model = settled();
        overlay(&mut model, before, pending);
        model.pending_modified_values = Field::Known(pending.clone());
        model
    }

    #[test]
    fn every_unit_has_a_change() {
        let named: Vec<&str> = changes().iter().flatten().map(|(name, _, _)| *name).collect();
        assert!(attributes().all(|name| named.contains(&name)));
        assert!(attributes().all(|name| text(&settled(), name).is_some()), "set() and text() know each");
    }

    #[test]
    fn state_has_pending_and_running_values() {
        for change in changes() {
            // An import, a state of before, and one that already knows.
            let imported = ReplicationGroupModel::default();
            for before in [imported, settled(), read(&settled(), &pending(&change))] {
                let state = read(&before, &pending(&change));
                for (name, _, written) in &change {
                    assert_eq!(text(&state, name).as_deref(), Some(*written), "{name}");
                    assert_eq!(
                        state.running_values.known().unwrap().get(*name),
                        text(&settled(), name).as_ref()
                    );
                }
                assert_eq!(
                    ReplicationGroupModel {
                        running_values: Field::Null,
                        pending_modified_values: Field::Null,
                        ..running(&state)
                    },
                    settled(),
                    "{change:?}"
                );
            }
        }
    }

    #[test]
    fn plan_of_running_values_withdraws_pending_ones() {
        for change in changes() {
            let state = read(&settled(), &pending(&change));
            let names: Vec<&str> = change.iter().map(|(name, _, _)| *name).collect();
            assert_eq!(withdrawn(&state, &settled()), names, "{change:?}");
            assert_eq!(withdrawn(&state, &state), [] as [&str; 0], "{change:?}");
            assert_eq!(withdrawn(&settled(), &settled()), [] as [&str; 0]);
        }
    }

    #[test]
    fn failed_withdrawal_keeps_the_desired_value_in_the_state() {
        for change in changes() {
            let pending = pending(&change);
            let refused =
                ReplicationGroupModel { pending_modified_values: Field::Known(pending.clone()), ..settled() };
            let state = read(&refused, &pending);
            for name in attributes() {
                assert_eq!(text(&state, name), text(&settled(), name), "{name} of {change:?}");
            }
            assert_eq!(withdrawn(&state, &settled()), [] as [&str; 0], "it is not tried again");
            assert_eq!(not_withdrawn_yet(&state, &settled()), pending, "{change:?}");
            assert_eq!(read(&state, &pending), state, "reading twice changes nothing");
        }
    }

    #[test]
    fn foreign_pending_change_appears_as_drift() {
        for change in changes() {
            let state = read(&settled(), &pending(&change));
            assert_ne!(text(&state, change[0].0), text(&settled(), change[0].0), "{change:?}");
            assert_eq!(not_withdrawn_yet(&state, &state), Values::new());
        }
    }
}
