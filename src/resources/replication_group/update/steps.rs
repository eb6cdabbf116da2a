//! The steps of an update, in order.
//!
//! AWS accepts one change of a group at a time and has rules about their order. The list of steps is computed
//! from prior state, plan and configuration before the first call; each step is followed by a wait.
//!
//! The order: tags; pending changes to withdraw, since an immediate change would apply them; the change of
//! cluster mode that ends `compatible`; shards and nodes to add, so that failover can be enabled; engine, sizes
//! and settings; TLS, which needs the engine that can change it; credentials, which need TLS and are therefore
//! removed before it; log delivery, which needs an engine that supports it and is only accepted immediately;
//! durability, which AWS accepts in a request of its own; shards and nodes to remove, after the change of the
//! node type that must hold their data, and after failover that needs them is disabled; the change of cluster
//! mode to `compatible`, after which AWS accepts no other.
//!
//! Settings that may wait for the maintenance window are last: an immediate change applies whatever is pending.

use super::modification::{Modification, changed_text};
use super::{cluster_mode, credentials};
use crate::resources::common::engine_version::Version;
use crate::resources::replication_group::attributes::{LogDeliveryModel, ReplicationGroupModel};
use crate::resources::replication_group::layout::Layout;
use crate::resources::replication_group::scaling::{Replicas, Scaling, Shards, scaling};
use crate::resources::replication_group::{counts, deferral, family, settings};
use crate::value::Field;

/// One step of an update.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources::replication_group) enum Step {
    /// Bring the tags to those planned.
    Tags,
    /// Request the values in effect, so that AWS withdraws pending changes.
    Withdraw(Box<Withdrawal>),
    /// Add or remove shards.
    Shards(Shards),
    /// Raise the number of replicas.
    IncreaseReplicas(Replicas),
    /// Lower the number of replicas.
    DecreaseReplicas(Replicas),
    /// One ModifyReplicationGroup.
    Modify(Box<Modification>),
}

/// Pending changes to withdraw.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources::replication_group) struct Withdrawal {
    /// The attributes.
    pub(in crate::resources::replication_group) names: Vec<&'static str>,
    /// The request of their values in effect. It is never immediate: if AWS does not withdraw the changes, an
    /// immediate request would apply them.
    pub(in crate::resources::replication_group) change: Modification,
}

/// The steps from `prior` to `planned`. `config` alone holds write-only values. Where shards or
/// replicas change, the shards of `prior` must be those that exist ([`crate::resources::replication_group::shards::observed`]).
pub(in crate::resources::replication_group) fn steps(
    config: &ReplicationGroupModel,
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Vec<Step> {
    let Scaling { first: additions, last: removals } =
        scaling(&Layout::of_state(prior), &counts::desired(config, prior, planned));
    let fewer = removals.iter().any(|step| matches!(step, Step::DecreaseReplicas(_)));
    let running = deferral::running(prior);
    let withdrawn = deferral::withdrawn(prior, planned);
    // With `apply_immediately` switched on, what waits is asked for once more.
    let at_once = planned.apply_immediately.is_true() && !prior.apply_immediately.is_true();
    let requested = deferral::without(if at_once { &running } else { prior }, planned, &withdrawn);
    let mut settings = changed_settings(&requested, &running, planned);
    let credentials = credentials::changes(config, prior, planned);
    let mut tls = tls(&requested, &running, planned, !credentials.is_empty());
    let logs = log_delivery(prior, planned);
    let immediately = planned.apply_immediately.is_true();
    settings.immediately = immediately;
    tls.iter_mut().for_each(|change| change.immediately = immediately);
    let durability = durability(&requested, planned, immediately);
    let mode = cluster_mode::split(&mut settings, &running, planned);

    let mut steps = Vec::new();
    if prior.tags_all != planned.tags_all {
        steps.push(Step::Tags);
    }
    steps.extend(withdraw(prior, &running, withdrawn).map(|back| Step::Withdraw(Box::new(back))));
    let modify = |change: Modification| Step::Modify(Box::new(change));
    let given = |change: &Modification| !change.is_empty();
    let mode = Some(mode).filter(given).map(modify);
    let (mut leaves, enters) = match cluster_mode::is_compatible(&running) {
        true => (mode, None),
        false => (None, mode),
    };
    if immediately {
        steps.extend(leaves.take());
    }
    steps.extend(additions);
    let off = if fewer { failover_off(&mut settings, &running, planned) } else { None };
    let (now, later): (Vec<_>, Vec<_>) =
        std::iter::once(settings).chain(tls).partition(|change| change.immediately);
    let (durable_now, durable_later) = match durability.immediately {
        true => (Some(durability), None),
        false => (None, Some(durability)),
    };
    let (tls, settings): (Vec<_>, Vec<_>) = now.into_iter().partition(Modification::changes_tls);
    let admits_more = |change: &Modification| {
        let (on, mode) = (&change.values.transit_encryption_enabled, &change.values.transit_encryption_mode);
        on.known() == Some(&false) || (!on.is_true() && mode.text() == Some("preferred"))
    };
    let (first, second) = match tls.iter().any(admits_more) {
        true => (credentials, tls),
        false => (tls, credentials),
    };
    let before = settings.into_iter().chain(first).chain(second).chain([logs]).chain(durable_now).chain(off);
    steps.extend(before.filter(given).map(modify));
    steps.extend(removals);
    steps.extend(leaves);
    steps.extend(later.into_iter().chain(durable_later).filter(given).map(modify));
    steps.extend(enters);
    steps
}

/// Failover and Multi-AZ that are disabled, removed from settings that may wait, or that wait already: AWS
/// removes no node that they need.
fn failover_off(
    settings: &mut Modification,
    running: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Option<Modification> {
    if settings.immediately {
        return None;
    }
    let off = |running: &Field<bool>, planned: &Field<bool>| {
        Field::from((running.is_true() && planned.known() == Some(&false)).then_some(false))
    };
    let values = &mut settings.values;
    for flag in [&mut values.automatic_failover_enabled, &mut values.multi_az_enabled] {
        if !flag.is_true() {
            *flag = Field::Null;
        }
    }
    let mut change = Modification::new("disable failover", true);
    change.values = ReplicationGroupModel {
        automatic_failover_enabled: off(
            &running.automatic_failover_enabled,
            &planned.automatic_failover_enabled,
        ),
        multi_az_enabled: off(&running.multi_az_enabled, &planned.multi_az_enabled),
        ..ReplicationGroupModel::default()
    };
    Some(change)
}

/// The change of durability. A group of which AWS returned none has none to change: `default`
/// and `disabled` are then what it has.
fn durability(
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    immediately: bool,
) -> Modification {
    let mut change = Modification::new("change durability", immediately);
    let is_same =
        |mode: &String| prior.durability.text().is_none() && ["default", "disabled"].contains(&mode.as_str());
    let mode = changed_text(&prior.durability, &planned.durability).filter(|mode| !is_same(mode));
    change.values.durability = mode.into();
    change
}

/// The requests that withdraw the changes of these attributes: durability has one of its own, and so has cluster
/// mode with the parameter group.
fn withdraw(
    prior: &ReplicationGroupModel,
    running: &ReplicationGroupModel,
    names: Vec<&'static str>,
) -> impl Iterator<Item = Withdrawal> {
    let (durability, names): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| *name == deferral::DURABILITY);
    let has_mode = names.contains(&cluster_mode::NAME);
    let (mode, others): (Vec<_>, Vec<_>) = names
        .into_iter()
        .partition(|name| *name == cluster_mode::NAME || (has_mode && *name == deferral::PARAMETERS));
    [others, mode, durability].into_iter().filter(|names| !names.is_empty()).map(|names| {
        let change = in_effect(prior, running, &names);
        Withdrawal { names, change }
    })
}

/// The call that names the values in effect of these attributes. Version and parameter group go
/// together where their family changes, and so do cluster mode and parameter group: an import does not
/// know of a parameter group that waits.
fn in_effect(
    prior: &ReplicationGroupModel,
    running: &ReplicationGroupModel,
    names: &[&'static str],
) -> Modification {
    let has = |name: &str| names.contains(&name);
    let text = |name: &str| deferral::text(running, name).filter(|text| !text.is_empty());
    let mut change = Modification::new("withdraw changes that wait for the maintenance window", false);
    let values = &mut change.values;
    for name in names {
        if let Some(value) = text(name) {
            deferral::set(values, name, &value);
        }
    }
    let tls = has(deferral::TLS) || has(deferral::TLS_MODE);
    let on = running.transit_encryption_enabled.is_true();
    let parameters = has(deferral::PARAMETERS)
        || has(cluster_mode::NAME)
        || (has(deferral::VERSION) && family::of_model(prior) != family::of_model(running));
    let actual = running.engine_version_actual.text().and_then(Version::parse).map(Version::observed);
    if let (true, Some(actual)) = (has(deferral::VERSION), actual) {
        values.engine_version = Field::Known(actual);
    }
    if parameters {
        values.parameter_group_name = text(deferral::PARAMETERS).into();
    }
    values.transit_encryption_enabled = tls.then_some(on).into();
    values.transit_encryption_mode = mode(running).filter(|_| tls && on).into();
    change
}

/// The mode of TLS; `None` where none is known.
fn mode(model: &ReplicationGroupModel) -> Option<&'static str> {
    match model.transit_encryption_mode.text() {
        Some("preferred") => Some("preferred"),
        Some(_) => Some("required"),
        None => None,
    }
}

/// The steps of a change of TLS from the values in effect, empty when `asked`, which AWS has or is going to
/// have, is as planned. TLS is enabled and disabled by way of `preferred`, which AWS requires. Credentials are
/// accepted only where TLS is required.
pub(in crate::resources::replication_group) fn tls(
    requested: &ReplicationGroupModel,
    running: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    credentials: bool,
) -> Vec<Modification> {
    let change = |purpose, on: Option<bool>, mode: Option<&'static str>| {
        let mut change = Modification::new(purpose, false);
        change.values.transit_encryption_enabled = on.into();
        change.values.transit_encryption_mode = mode.into();
        change
    };
    let on = planned.transit_encryption_enabled.known().copied();
    let same_mode = mode(planned).is_none() || mode(planned) == mode(requested);
    if on.is_none_or(|on| on == requested.transit_encryption_enabled.is_true())
        && (same_mode || on == Some(false))
    {
        return Vec::new();
    }
    let before = running.transit_encryption_enabled.is_true();
    match (before, on) {
        (false, Some(true)) => {
            let first = change("enable TLS", Some(true), Some("preferred"));
            let second = (credentials || mode(planned) == Some("required"))
                .then(|| change("require TLS", None, Some("required")));
            std::iter::once(first).chain(second).collect()
        }
        (true, Some(false)) => {
            let first = (mode(running) != Some("preferred"))
                .then(|| change("allow connections without TLS", None, Some("preferred")));
            first.into_iter().chain([change("disable TLS", Some(false), None)]).collect()
        }
        (true, _) if mode(planned).is_some() && mode(planned) != mode(running) => {
            let purpose = match mode(planned) {
                Some("required") => "require TLS",
                _ => "allow connections without TLS",
            };
            vec![change(purpose, None, mode(planned))]
        }
        _ => Vec::new(),
    }
}

/// Settings that differ from what AWS has or is going to have.
fn changed_settings(
    prior: &ReplicationGroupModel,
    running: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Modification {
    let mut values = settings::difference(prior, planned);
    // AWS accepts it in a request of its own.
    values.durability = Field::Null;
    // What belongs together is sent together, also where a part of it waits already: AWS compares the
    // family of a parameter group, and its cluster mode, with those that run or are named beside it.
    if !planned.is_global_member() {
        engine(&mut values, prior, running, planned);
    }
    if !values.parameter_group_name.is_null() && values.cluster_mode.is_null() {
        values.cluster_mode = changed_text(&running.cluster_mode, &planned.cluster_mode).into();
    }
    let topic = (prior.notification_topic_arn.text() != planned.notification_topic_arn.text())
        .then(|| planned.notification_topic_arn.text().map(str::to_owned));
    // Without cluster mode AWS wants to know whose data is to be snapshotted.
    let snapshot_primary = values.snapshot_retention_limit.known().is_some_and(|days| *days > 0)
        && prior.snapshot_retention_limit.known().is_none_or(|days| *days == 0)
        && !prior.cluster_enabled.is_true();
    let snapshotting = changed_text(&prior.snapshotting_cluster_id, &planned.snapshotting_cluster_id);
    // AWS forgets the node while it takes no snapshots.
    let snapshotting = snapshotting
        .or_else(|| planned.snapshotting_cluster_id.text().filter(|_| snapshot_primary).map(str::to_owned));
    Modification {
        values,
        topic,
        snapshotting: snapshotting.map(|id| id.to_lowercase()),
        snapshot_primary,
        ..Modification::new("change settings", false)
    }
}

/// Adds engine and version to a change, each with the other and with the parameter group where that changes
/// its family.
fn engine(
    values: &mut ReplicationGroupModel,
    prior: &ReplicationGroupModel,
    running: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) {
    let given = |field: &Field<String>| -> Field<String> { field.text().into() };
    values.engine = changed_text(&prior.engine, &planned.engine).into();
    values.engine_version = changed_text(&prior.engine_version, &planned.engine_version).into();
    if !values.engine.is_null() && values.engine_version.is_null() {
        values.engine_version = given(&planned.engine_version);
    }
    if !family::differs(running, planned)
        || (values.engine_version.is_null() && values.parameter_group_name.is_null())
    {
        return;
    }
    if values.engine_version.is_null() {
        values.engine_version = given(&planned.engine_version);
    }
    if values.parameter_group_name.is_null() {
        values.parameter_group_name = given(&planned.parameter_group_name);
    }
    if values.engine.is_null() {
        values.engine = changed_text(&running.engine, &planned.engine).into();
    }
}

fn log_delivery(prior: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> Modification {
    // AWS accepts changes of log delivery only immediately.
    let mut change = Modification::new("change log delivery", true);
    let retained = |log: &LogDeliveryModel| planned.logs().iter().any(|other| other.log_type == log.log_type);
    change.logs = planned.logs().iter().filter(|log| !prior.logs().contains(log)).cloned().collect();
    change.logs_off = prior
        .logs()
        .iter()
        .filter(|log| !retained(log))
        .filter_map(|log| log.log_type.text().map(str::to_owned))
        .collect();
    change
}
