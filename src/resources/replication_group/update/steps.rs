//! What an update does, in order.
//!
//! AWS takes one change of a group at a time and has rules about their order. The
//! list of steps is computed from prior state, plan and configuration before
//! anything is called; each step is followed by a wait.
//!
//! The order: tags; what waits and is taken back, since an immediate change would carry it out; more shards and
//! nodes, so that failover can be switched on; engine, sizes
//! and settings; TLS, which needs the engine that can change it; credentials, which
//! need TLS, and therefore go before TLS does; log delivery, which needs the engine that has it and is only taken
//! immediately; durability, which AWS accepts in a request of its own; fewer shards and nodes, once the node type
//! that must hold their data is there and failover that needs them is off.
//!
//! Settings that may wait for the maintenance window come last of all: an immediate
//! change carries out whatever is pending.

use super::credentials;
use super::modification::{Modification, changed, changed_text};
use crate::resources::replication_group::layout::Layout;
use crate::resources::replication_group::model::{LogDeliveryModel, ReplicationGroupModel};
use crate::resources::replication_group::scaling::{Replicas, Scaling, Shards, scaling};
use crate::resources::replication_group::version::Version;
use crate::resources::replication_group::{counts, deferral, family};
use crate::value::Field;

/// One step of an update.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources::replication_group) enum Step {
    /// Bring the tags to those planned.
    Tags,
    /// Name the values in effect, so that AWS takes back changes that wait.
    TakeBack(Box<TakenBack>),
    /// Add or remove shards.
    Shards(Shards),
    /// Raise the number of replicas.
    IncreaseReplicas(Replicas),
    /// Lower the number of replicas.
    DecreaseReplicas(Replicas),
    /// One ModifyReplicationGroup.
    Modify(Box<Modification>),
}

/// Changes that wait and are to be taken back.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources::replication_group) struct TakenBack {
    /// The attributes.
    pub(in crate::resources::replication_group) names: Vec<&'static str>,
    /// The call that names their values in effect. It is never immediate: if AWS does not take the
    /// changes back, an immediate call carries them out.
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
    let taken_back = deferral::taken_back(prior, planned);
    // With `apply_immediately` switched on, what waits is asked for once more.
    let at_once = planned.apply_immediately.is_true() && !prior.apply_immediately.is_true();
    let asked = deferral::without(if at_once { &running } else { prior }, planned, &taken_back);
    let mut settings = settings(&asked, &running, planned);
    let credentials = credentials::changes(config, prior, planned);
    let mut tls = tls(&asked, &running, planned, !credentials.is_empty());
    let logs = log_delivery(prior, planned);
    let immediately = planned.apply_immediately.is_true();
    settings.immediately = immediately;
    tls.iter_mut().for_each(|change| change.immediately = immediately);
    let durability = durability(&asked, planned, immediately);

    let mut steps = Vec::new();
    if prior.tags_all != planned.tags_all {
        steps.push(Step::Tags);
    }
    steps.extend(take_back(prior, &running, taken_back).map(|back| Step::TakeBack(Box::new(back))));
    steps.extend(additions);
    let off = if fewer { failover_off(&mut settings, &running, planned) } else { None };
    let (now, later): (Vec<_>, Vec<_>) =
        std::iter::once(settings).chain(tls).partition(|change| change.immediately);
    let (durable_now, durable_later) = match durability.immediately {
        true => (Some(durability), None),
        false => (None, Some(durability)),
    };
    let modify = |change: Modification| Step::Modify(Box::new(change));
    let given = |change: &Modification| !change.is_empty();
    let (settings, tls): (Vec<_>, Vec<_>) =
        now.into_iter().partition(|change| change.tls.is_none() && change.tls_mode.is_none());
    let relaxed = tls.iter().any(|change| change.tls != Some(true) && change.tls_mode == Some("preferred"));
    let (first, second) = match relaxed || tls.iter().any(|change| change.tls == Some(false)) {
        true => (credentials, tls),
        false => (tls, credentials),
    };
    let before = settings.into_iter().chain(first).chain(second).chain([logs]).chain(durable_now).chain(off);
    steps.extend(before.filter(given).map(modify));
    steps.extend(removals);
    steps.extend(later.into_iter().chain(durable_later).filter(given).map(modify));
    steps
}

/// Failover and zones that are switched off, taken out of settings that may wait, or that wait already:
/// AWS removes no node that they need.
fn failover_off(
    settings: &mut Modification,
    running: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Option<Modification> {
    if settings.immediately {
        return None;
    }
    let off = |running: &Field<bool>, planned: &Field<bool>| {
        (running.is_true() && planned.known() == Some(&false)).then_some(false)
    };
    settings.failover = settings.failover.filter(|on| *on);
    settings.multi_az = settings.multi_az.filter(|on| *on);
    let mut change = Modification::new("switch failover off", true);
    change.failover = off(&running.automatic_failover_enabled, &planned.automatic_failover_enabled);
    change.multi_az = off(&running.multi_az_enabled, &planned.multi_az_enabled);
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
    change.durability = changed_text(&prior.durability, &planned.durability).filter(|mode| !is_same(mode));
    change
}

/// The calls that take back these attributes: durability has one of its own.
fn take_back(
    prior: &ReplicationGroupModel,
    running: &ReplicationGroupModel,
    names: Vec<&'static str>,
) -> impl Iterator<Item = TakenBack> {
    let (durability, others): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| *name == deferral::DURABILITY);
    [others, durability].into_iter().filter(|names| !names.is_empty()).map(|names| {
        let change = in_effect(prior, running, &names);
        TakenBack { names, change }
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
    let of = |name: &str| has(name).then(|| text(name)).flatten();
    let tls = has(deferral::TLS) || has(deferral::TLS_MODE);
    let on = running.transit_encryption_enabled.is_true();
    let parameters = has(deferral::PARAMETERS)
        || has("cluster_mode")
        || (has(deferral::VERSION) && family::of_model(prior) != family::of_model(running));
    let actual = running.engine_version_actual.text().and_then(Version::parse).map(Version::shown);
    Modification {
        engine: of(deferral::ENGINE),
        engine_version: has(deferral::VERSION).then(|| actual.or(text(deferral::VERSION))).flatten(),
        parameter_group: parameters.then(|| text(deferral::PARAMETERS)).flatten(),
        node_type: of("node_type"),
        failover: of("automatic_failover_enabled").map(|on| on == "true"),
        multi_az: of("multi_az_enabled").map(|on| on == "true"),
        cluster_mode: of("cluster_mode"),
        durability: of(deferral::DURABILITY),
        ip_discovery: of("ip_discovery"),
        tls: tls.then_some(on),
        tls_mode: mode(running).filter(|_| tls && on),
        ..Modification::new("take back changes that wait for the maintenance window", false)
    }
}

/// The mode of TLS; `None` where none is known.
fn mode(model: &ReplicationGroupModel) -> Option<&'static str> {
    match model.transit_encryption_mode.text() {
        Some("preferred") => Some("preferred"),
        Some(_) => Some("required"),
        None => None,
    }
}

/// The steps of a change of TLS from the values in effect, empty when `asked`, which AWS has or is going
/// to have, is as planned. Switching TLS on goes through `preferred`, and so does switching it off:
/// AWS takes no direct way. Credentials are taken only where TLS is required.
pub(in crate::resources::replication_group) fn tls(
    asked: &ReplicationGroupModel,
    running: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    credentials: bool,
) -> Vec<Modification> {
    let change = |purpose, on: Option<bool>, mode: Option<&'static str>| {
        let mut change = Modification::new(purpose, false);
        (change.tls, change.tls_mode) = (on, mode);
        change
    };
    let on = planned.transit_encryption_enabled.known().copied();
    let same_mode = mode(planned).is_none() || mode(planned) == mode(asked);
    if on.is_none_or(|on| on == asked.transit_encryption_enabled.is_true())
        && (same_mode || on == Some(false))
    {
        return Vec::new();
    }
    let before = running.transit_encryption_enabled.is_true();
    match (before, on) {
        (false, Some(true)) => {
            let first = change("switch TLS on", Some(true), Some("preferred"));
            let second = (credentials || mode(planned) == Some("required"))
                .then(|| change("require TLS", None, Some("required")));
            std::iter::once(first).chain(second).collect()
        }
        (true, Some(false)) => {
            let first = (mode(running) != Some("preferred"))
                .then(|| change("allow connections without TLS", None, Some("preferred")));
            first.into_iter().chain([change("switch TLS off", Some(false), None)]).collect()
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
fn settings(
    prior: &ReplicationGroupModel,
    running: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Modification {
    let global = planned.is_global_member();
    let engine = changed_text(&prior.engine, &planned.engine).filter(|_| !global);
    let engine_version = changed_text(&prior.engine_version, &planned.engine_version).filter(|_| !global);
    let retention = changed(&prior.snapshot_retention_limit, &planned.snapshot_retention_limit);
    // What belongs together is sent together, also where a part of it waits already: AWS compares the
    // family of a parameter group, and its cluster mode, with those that run or are named beside it.
    let mut parameter_group = changed_text(&prior.parameter_group_name, &planned.parameter_group_name);
    let mut engine_version = engine_version
        .or_else(|| engine.as_ref().and_then(|_| planned.engine_version.text().map(str::to_owned)));
    let mut engine = engine;
    let families = (family::of_model(running), family::of_model(planned));
    let crosses = matches!(&families, (Some(running), Some(planned)) if running != planned);
    if crosses && !global && (engine_version.is_some() || parameter_group.is_some()) {
        let text = |field: &Field<String>| field.text().map(str::to_owned);
        engine_version = engine_version.or_else(|| text(&planned.engine_version));
        parameter_group = parameter_group.or_else(|| text(&planned.parameter_group_name));
        engine = engine.or_else(|| changed_text(&running.engine, &planned.engine));
    }
    let mut cluster_mode = changed_text(&prior.cluster_mode, &planned.cluster_mode);
    if parameter_group.is_some() {
        cluster_mode = cluster_mode.or_else(|| changed_text(&running.cluster_mode, &planned.cluster_mode));
    }
    let topic = (prior.notification_topic_arn.text() != planned.notification_topic_arn.text())
        .then(|| planned.notification_topic_arn.text().map(str::to_owned));
    Modification {
        description: changed_text(&prior.description, &planned.description),
        parameter_group: parameter_group.filter(|_| !global),
        node_type: changed_text(&prior.node_type, &planned.node_type).filter(|_| !global),
        failover: changed(&prior.automatic_failover_enabled, &planned.automatic_failover_enabled)
            .filter(|_| !global),
        multi_az: changed(&prior.multi_az_enabled, &planned.multi_az_enabled).filter(|_| !global),
        cluster_mode,
        // AWS takes no empty list: a group always has a security group.
        security_groups: changed(&prior.security_group_ids, &planned.security_group_ids)
            .filter(|ids| !ids.is_empty())
            .map(|ids| ids.into_iter().collect()),
        ip_discovery: changed_text(&prior.ip_discovery, &planned.ip_discovery),
        auto_minor: changed(&prior.auto_minor_version_upgrade, &planned.auto_minor_version_upgrade)
            .filter(|_| !global),
        maintenance_window: changed_text(&prior.maintenance_window, &planned.maintenance_window),
        topic,
        // Without cluster mode AWS wants to know whose data is to be snapshotted.
        snapshot_primary: retention.is_some_and(|days| days > 0)
            && prior.snapshot_retention_limit.known().is_none_or(|days| *days == 0)
            && !prior.cluster_enabled.is_true(),
        retention,
        snapshot_window: changed_text(&prior.snapshot_window, &planned.snapshot_window),
        engine_version,
        engine,
        ..Modification::new("change settings", false)
    }
}

fn log_delivery(prior: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> Modification {
    // AWS takes changes of log delivery only immediately.
    let mut change = Modification::new("change log delivery", true);
    let kept = |log: &LogDeliveryModel| planned.logs().iter().any(|other| other.log_type == log.log_type);
    change.logs = planned.logs().iter().filter(|log| !prior.logs().contains(log)).cloned().collect();
    change.logs_off = prior
        .logs()
        .iter()
        .filter(|log| !kept(log))
        .filter_map(|log| log.log_type.text().map(str::to_owned))
        .collect();
    change
}
