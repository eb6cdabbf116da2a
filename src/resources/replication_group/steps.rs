//! What an update does, in order.
//!
//! AWS takes one change of a group at a time and has rules about their order. The
//! list of steps is computed from prior state, plan and configuration before
//! anything is called; each step is followed by a wait.
//!
//! The order: tags; more nodes, so that failover can be switched on; engine, sizes
//! and settings; TLS, which needs the engine that can change it; credentials, which
//! need TLS, and therefore go before TLS does; log delivery, which needs the engine that has it and is only taken
//! immediately; fewer nodes, once failover that needs them is off.
//!
//! Settings that may wait for the maintenance window come last of all: an immediate
//! change carries out whatever is pending.

use super::model::{LogDeliveryModel, ReplicationGroupModel};
use super::{credentials, pending};
use crate::aws::Secret;
use crate::value::Field;

/// One step of an update.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Bring the tags to those planned.
    Tags,
    /// Bring the number of shards to this.
    Shards(i32),
    /// Raise the replicas of every shard to this.
    IncreaseReplicas(i32),
    /// Lower the replicas of every shard to this.
    DecreaseReplicas(i32),
    /// One ModifyReplicationGroup.
    Modify(Box<Modification>),
}

/// The arguments of one ModifyReplicationGroup; what is `None` is not sent.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Modification {
    /// What it does, to complete "Failed to", such as `change settings`.
    pub(super) purpose: &'static str,
    pub(super) immediately: bool,
    pub(super) description: Option<String>,
    pub(super) engine: Option<String>,
    pub(super) engine_version: Option<String>,
    pub(super) parameter_group: Option<String>,
    pub(super) node_type: Option<String>,
    pub(super) failover: Option<bool>,
    pub(super) multi_az: Option<bool>,
    pub(super) cluster_mode: Option<String>,
    pub(super) security_groups: Option<Vec<String>>,
    pub(super) ip_discovery: Option<String>,
    pub(super) auto_minor: Option<bool>,
    pub(super) maintenance_window: Option<String>,
    /// The topic; `Some(None)` switches notification off.
    pub(super) topic: Option<Option<String>>,
    pub(super) retention: Option<i32>,
    /// The primary is to be named as source of snapshots.
    pub(super) snapshot_primary: bool,
    pub(super) snapshot_window: Option<String>,
    pub(super) tls: Option<bool>,
    pub(super) tls_mode: Option<&'static str>,
    pub(super) token: Option<Secret>,
    pub(super) token_strategy: Option<&'static str>,
    pub(super) add_user_groups: Vec<String>,
    pub(super) remove_user_groups: Vec<String>,
    pub(super) logs: Vec<LogDeliveryModel>,
    pub(super) logs_off: Vec<String>,
}

impl Modification {
    pub(super) fn new(purpose: &'static str, immediately: bool) -> Self {
        Self { purpose, immediately, ..Self::default() }
    }

    /// True when it changes nothing.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::new(self.purpose, self.immediately)
    }
}

/// The steps from `prior` to `planned`. `config` alone holds write-only values.
pub(super) fn steps(
    config: &ReplicationGroupModel,
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Vec<Step> {
    let replicas = replicas(config, prior, planned);
    let fewer = replicas.filter(|(from, to)| to < from).map(|(_, to)| to);
    // Whoever no longer wants to wait gets what is pending at once.
    let at_once = (planned.apply_immediately.is_true() && !prior.apply_immediately.is_true())
        .then(|| pending::forget(prior));
    let asked = at_once.as_ref().unwrap_or(prior);
    let mut settings = settings(asked, planned);
    let credentials = credentials::changes(config, prior, planned);
    let mut tls = tls(asked, planned, !credentials.is_empty());
    let logs = log_delivery(prior, planned);
    let needs_upgrade = settings.engine_version.is_some()
        && (!logs.logs.is_empty() || tls.iter().any(|t| t.tls == Some(true)));
    settings.immediately = planned.apply_immediately.is_true() || needs_upgrade;
    // What needs TLS cannot wait for the window in which TLS would come.
    let tls_now = settings.immediately || tls.len() > 1 || !credentials.is_empty();
    tls.iter_mut().for_each(|change| change.immediately = tls_now);

    let mut steps = Vec::new();
    if prior.tags_all != planned.tags_all {
        steps.push(Step::Tags);
    }
    if let Some(shards) = changed(&prior.num_node_groups, &planned.num_node_groups)
        .filter(|_| config.num_node_groups.known().is_some())
    {
        steps.push(Step::Shards(shards));
    }
    if let Some((_, to)) = replicas.filter(|(from, to)| to > from) {
        steps.push(Step::IncreaseReplicas(to));
    }
    let off = if fewer.is_some() { failover_off(&mut settings) } else { None };
    let (now, later): (Vec<_>, Vec<_>) =
        std::iter::once(settings).chain(tls).partition(|change| change.immediately);
    let modify = |change: Modification| Step::Modify(Box::new(change));
    let given = |change: &Modification| !change.is_empty();
    let (settings, tls): (Vec<_>, Vec<_>) =
        now.into_iter().partition(|change| change.tls.is_none() && change.tls_mode.is_none());
    let relaxed = tls.iter().any(|change| change.tls != Some(true) && change.tls_mode == Some("preferred"));
    let (first, second) = match relaxed || tls.iter().any(|change| change.tls == Some(false)) {
        true => (credentials, tls),
        false => (tls, credentials),
    };
    let before = settings.into_iter().chain(first).chain(second).chain([logs]).chain(off);
    steps.extend(before.filter(given).map(modify));
    steps.extend(fewer.map(Step::DecreaseReplicas));
    steps.extend(later.into_iter().filter(given).map(modify));
    steps
}

/// Failover and zones that are switched off, taken out of settings that may wait:
/// AWS removes no node that they need.
fn failover_off(settings: &mut Modification) -> Option<Modification> {
    if settings.immediately {
        return None;
    }
    let mut change = Modification::new("switch failover off", true);
    change.failover = settings.failover.take_if(|on| !*on);
    change.multi_az = settings.multi_az.take_if(|on| !*on);
    Some(change)
}

/// The planned value when it is known and differs from the prior one.
pub(super) fn changed<T: Clone + PartialEq>(prior: &Field<T>, planned: &Field<T>) -> Option<T> {
    planned.known().filter(|value| prior.known() != Some(value)).cloned()
}

/// The same for a text, where the empty one means that AWS is left to choose.
fn changed_text(prior: &Field<String>, planned: &Field<String>) -> Option<String> {
    changed(prior, planned).filter(|text| !text.is_empty())
}

/// Replicas of a shard before and after, when the configuration sets them.
fn replicas(
    config: &ReplicationGroupModel,
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Option<(i32, i32)> {
    let (before, after) = if config.num_cache_clusters.known().is_some() {
        (prior.num_cache_clusters.known()? - 1, planned.num_cache_clusters.known()? - 1)
    } else if config.replicas_per_node_group.known().is_some() {
        (*prior.replicas_per_node_group.known()?, *planned.replicas_per_node_group.known()?)
    } else {
        return None;
    };
    (before != after).then_some((before, after))
}

/// Switching TLS on goes through `preferred`, and so does switching it off: AWS
/// takes no direct way. Credentials are taken only where TLS is required.
fn tls(
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    credentials: bool,
) -> Vec<Modification> {
    let change = |purpose, on: Option<bool>, mode: Option<&'static str>| {
        let mut change = Modification::new(purpose, false);
        (change.tls, change.tls_mode) = (on, mode);
        change
    };
    let mode = |model: &ReplicationGroupModel| match model.transit_encryption_mode.text() {
        Some("preferred") => Some("preferred"),
        Some(_) => Some("required"),
        None => None,
    };
    let before = prior.transit_encryption_enabled.is_true();
    match (before, planned.transit_encryption_enabled.known()) {
        (false, Some(true)) => {
            let first = change("switch TLS on", Some(true), Some("preferred"));
            let second = (credentials || mode(planned) == Some("required"))
                .then(|| change("require TLS", None, Some("required")));
            std::iter::once(first).chain(second).collect()
        }
        (true, Some(false)) => {
            let first = (mode(prior) != Some("preferred"))
                .then(|| change("allow connections without TLS", None, Some("preferred")));
            first.into_iter().chain([change("switch TLS off", Some(false), None)]).collect()
        }
        (true, _) if mode(planned).is_some() && mode(planned) != mode(prior) => {
            let purpose = match mode(planned) {
                Some("required") => "require TLS",
                _ => "allow connections without TLS",
            };
            vec![change(purpose, None, mode(planned))]
        }
        _ => Vec::new(),
    }
}

fn settings(prior: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> Modification {
    let global = planned.is_global_member();
    let engine = changed_text(&prior.engine, &planned.engine).filter(|_| !global);
    let engine_version = changed_text(&prior.engine_version, &planned.engine_version).filter(|_| !global);
    let retention = changed(&prior.snapshot_retention_limit, &planned.snapshot_retention_limit);
    let topic = (prior.notification_topic_arn.text() != planned.notification_topic_arn.text())
        .then(|| planned.notification_topic_arn.text().map(str::to_owned));
    Modification {
        description: changed_text(&prior.description, &planned.description),
        parameter_group: changed_text(&prior.parameter_group_name, &planned.parameter_group_name),
        node_type: changed_text(&prior.node_type, &planned.node_type).filter(|_| !global),
        failover: changed(&prior.automatic_failover_enabled, &planned.automatic_failover_enabled)
            .filter(|_| !global),
        multi_az: changed(&prior.multi_az_enabled, &planned.multi_az_enabled),
        cluster_mode: changed_text(&prior.cluster_mode, &planned.cluster_mode),
        // AWS takes no empty list: a group always has a security group.
        security_groups: changed(&prior.security_group_ids, &planned.security_group_ids)
            .filter(|ids| !ids.is_empty())
            .map(|ids| ids.into_iter().collect()),
        ip_discovery: changed_text(&prior.ip_discovery, &planned.ip_discovery),
        auto_minor: changed(&prior.auto_minor_version_upgrade, &planned.auto_minor_version_upgrade),
        maintenance_window: changed_text(&prior.maintenance_window, &planned.maintenance_window),
        topic,
        // Without cluster mode AWS wants to know whose data is to be snapshotted.
        snapshot_primary: retention.is_some_and(|days| days > 0)
            && prior.snapshot_retention_limit.known().is_none_or(|days| *days == 0)
            && !prior.cluster_enabled.is_true(),
        retention,
        snapshot_window: changed_text(&prior.snapshot_window, &planned.snapshot_window),
        // AWS wants engine and version together when the engine changes.
        engine_version: engine_version
            .or_else(|| engine.as_ref().and_then(|_| planned.engine_version.text().map(str::to_owned))),
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
