//! The steps of an update. AWS accepts one change at a time, so each step is one request, followed by a wait.
//!
//! A failover comes first, because the Region of the primary may be the one that has failed. Shards are added before
//! and removed after all settings: a smaller node type needs the shards to hold the data, and fewer shards need the
//! larger one.

use std::collections::BTreeSet;
use std::fmt;

use aws_sdk_elasticache::types::{
    AutomaticFailoverStatus, GlobalReplicationGroup, GlobalReplicationGroupMember,
};

use crate::resources::common::engine_version::{self, Version};
use crate::resources::global_replication_group::attributes::{
    GlobalReplicationGroupModel, RegionalConfigurationModel,
};
use crate::resources::global_replication_group::convert::{automatic_failover, own_description, shard_count};
use crate::services::elasticache::global_replication_group::primary;
use crate::value::Field;

/// One change of a global datastore.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources::global_replication_group) enum Step {
    /// Brings the tags to the planned ones.
    Tags,
    /// Makes a secondary the primary.
    Failover {
        /// ID of the secondary.
        group: String,
        /// Its Region.
        region: String,
    },
    /// Sets the description; an empty one removes it.
    Description(String),
    /// Raises the number of shards to this one.
    AddShards { count: i32, placement: Vec<RegionalConfigurationModel> },
    /// Turns automatic failover inside the members on or off.
    AutomaticFailover(bool),
    /// Upgrades the engine.
    Engine(Upgrade),
    /// Scales the nodes to this type.
    NodeType(String),
    /// Reduces the number of shards by these, which are IDs of global node groups.
    RemoveShards { count: i32, remove: Vec<String> },
}

/// An upgrade of the engine: everything that AWS has to know at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::resources::global_replication_group) struct Upgrade {
    /// The new engine, where it changes.
    pub(in crate::resources::global_replication_group) engine: Option<String>,
    /// The new version.
    pub(in crate::resources::global_replication_group) version: String,
    /// The parameter group of the new family, where the family changes.
    pub(in crate::resources::global_replication_group) parameter_group: Option<String>,
}

/// What the step does, to follow "Failed to" and in lists.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Tags => f.write_str("change the tags"),
            Step::Failover { group, region } => write!(f, "fail over to {group:?} in {region}"),
            Step::Description(_) => f.write_str("change the description"),
            Step::AddShards { count, .. } => write!(f, "raise the number of shards to {count}"),
            Step::AutomaticFailover(true) => f.write_str("enable automatic failover"),
            Step::AutomaticFailover(false) => f.write_str("disable automatic failover"),
            Step::Engine(Upgrade { engine: Some(engine), version, .. }) => {
                write!(f, "upgrade the engine to {engine} {version}")
            }
            Step::Engine(Upgrade { version, .. }) => write!(f, "upgrade the engine to version {version}"),
            Step::NodeType(node_type) => write!(f, "scale the nodes to {node_type}"),
            Step::RemoveShards { count, .. } => write!(f, "reduce the number of shards to {count}"),
        }
    }
}

/// The steps from `prior`, which has what AWS returned last, to `planned`.
pub(in crate::resources::global_replication_group) fn steps(
    prior: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let tags = |model: &GlobalReplicationGroupModel| model.tags_all.known().cloned().unwrap_or_default();
    if tags(prior) != tags(planned) {
        steps.push(Step::Tags);
    }
    steps.extend(failover(prior, planned));
    steps.extend(description(prior, planned));
    let shards = shards(prior, planned);
    let failover = changed(&prior.automatic_failover_enabled, &planned.automatic_failover_enabled);
    let (on, off) = match failover {
        Some(true) => (Some(Step::AutomaticFailover(true)), None),
        Some(false) => (None, Some(Step::AutomaticFailover(false))),
        None => (None, None),
    };
    let (add, remove) = match shards {
        Some(step @ Step::AddShards { .. }) => (Some(step), None),
        other => (None, other),
    };
    steps.extend(add);
    steps.extend(on);
    steps.extend(upgrade(prior, planned).map(Step::Engine));
    let node_type = changed_text(&prior.cache_node_type, &planned.cache_node_type);
    steps.extend(node_type.map(Step::NodeType));
    steps.extend(off);
    steps.extend(remove);
    steps
}

/// The planned value where it is known and differs.
fn changed<T: Clone + PartialEq>(prior: &Field<T>, planned: &Field<T>) -> Option<T> {
    planned.known().filter(|planned| prior.known() != Some(*planned)).cloned()
}

/// The planned text where it is known, not empty, and differs in more than case.
fn changed_text(prior: &Field<String>, planned: &Field<String>) -> Option<String> {
    let planned = planned.text()?;
    let same = prior.text().is_some_and(|prior| prior.eq_ignore_ascii_case(planned));
    (!same).then(|| planned.to_owned())
}

fn description(prior: &GlobalReplicationGroupModel, planned: &GlobalReplicationGroupModel) -> Option<Step> {
    let (before, after) =
        (&prior.global_replication_group_description, &planned.global_replication_group_description);
    let text = after.text().unwrap_or_default();
    let same = after.is_unknown() || before.text().unwrap_or_default() == text;
    (!same).then(|| Step::Description(text.to_owned()))
}

fn failover(prior: &GlobalReplicationGroupModel, planned: &GlobalReplicationGroupModel) -> Option<Step> {
    let id = changed_text(&prior.primary_replication_group_id, &planned.primary_replication_group_id);
    let region = changed_text(&prior.primary_region, &planned.primary_region);
    if id.is_none() && region.is_none() {
        return None;
    }
    let group = planned.primary_id();
    let region = match planned.primary_region.text() {
        Some(region) => region.to_owned(),
        // The plan has found exactly one member with the ID.
        None => {
            let members = prior.known_members().iter();
            let own = members.filter(|member| member.is(&group, None)).find(|member| !member.is_primary());
            own.and_then(|member| member.replication_group_region.text()).unwrap_or_default().to_owned()
        }
    };
    Some(Step::Failover { group, region })
}

/// The upgrade that leads to the planned engine and version; `None` when the version that runs is one of those that the
/// planned spelling stands for.
pub(in crate::resources::global_replication_group) fn upgrade(
    prior: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
) -> Option<Upgrade> {
    let engine = changed_text(&prior.engine, &planned.engine).map(|engine| engine.to_lowercase());
    let text = planned.engine_version.text()?;
    let desired = Version::parse(text)?;
    let actual = prior.engine_version_actual.text().and_then(Version::parse);
    if engine.is_none() && actual.is_some_and(|actual| desired.contains(actual)) {
        return None;
    }
    let version = if text.contains('x') { text.to_owned() } else { desired.observed() };
    let parameter_group = planned.parameter_group_name.text().map(str::to_owned);
    let parameter_group = parameter_group.filter(|_| changes_family(prior, planned));
    Some(Upgrade { engine, version, parameter_group })
}

/// True where the planned version needs another parameter group family than the one that runs.
pub(in crate::resources::global_replication_group) fn changes_family(
    prior: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
) -> bool {
    match (running_family(prior), new_family(prior, planned)) {
        (Some(before), Some(after)) => before != after,
        _ => false,
    }
}

/// The parameter group family of the engine and version that run.
pub(in crate::resources::global_replication_group) fn running_family(
    prior: &GlobalReplicationGroupModel,
) -> Option<String> {
    let running = prior.engine_version_actual.text().or(prior.engine_version.text());
    family(prior.engine.text(), running)
}

/// The parameter group family of the planned engine and version.
pub(in crate::resources::global_replication_group) fn new_family(
    prior: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
) -> Option<String> {
    family(planned.engine.text().or(prior.engine.text()), planned.engine_version.text())
}

fn family(engine: Option<&str>, version: Option<&str>) -> Option<String> {
    engine_version::family(engine?, Version::parse(version?)?)
}

fn shards(prior: &GlobalReplicationGroupModel, planned: &GlobalReplicationGroupModel) -> Option<Step> {
    let count = changed(&prior.num_node_groups, &planned.num_node_groups)?;
    let before = prior.num_node_groups.known().copied().unwrap_or(1);
    if count > before {
        let placement = planned.regional_configurations.known().cloned().unwrap_or_default();
        return Some(Step::AddShards { count, placement });
    }
    Some(Step::RemoveShards { count, remove: leaving(prior, planned, count) })
}

/// The IDs of the shards of the state, the lowest number first.
pub(in crate::resources::global_replication_group) fn shard_ids(
    model: &GlobalReplicationGroupModel,
) -> Vec<String> {
    let shards = model.global_node_groups.known().map(|shards| shards.0.as_slice()).unwrap_or_default();
    let ids = shards.iter().filter_map(|shard| shard.global_node_group_id.text().map(str::to_owned));
    let mut ids: Vec<String> = ids.collect();
    ids.sort();
    ids
}

/// The ID of a shard that a configuration names by its ID or its number.
pub(in crate::resources::global_replication_group) fn full_id(datastore: &str, named: &str) -> String {
    let is_number = (1..=4).contains(&named.len()) && named.bytes().all(|digit| digit.is_ascii_digit());
    if is_number { format!("{datastore}-{named:0>4}") } else { named.to_owned() }
}

/// The IDs that a configuration names.
pub(in crate::resources::global_replication_group) fn named(
    prior: &GlobalReplicationGroupModel,
    names: &Field<BTreeSet<String>>,
) -> BTreeSet<String> {
    names.known().into_iter().flatten().map(|name| full_id(prior.aws_id(), name)).collect()
}

/// The shards to remove: those that are named, those that are not among the named ones to retain, or else those with
/// the highest numbers.
fn leaving(
    prior: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
    count: i32,
) -> Vec<String> {
    let ids = shard_ids(prior);
    let remove = named(prior, &planned.global_node_groups_to_remove);
    if !remove.is_empty() {
        return remove.into_iter().collect();
    }
    let retain = named(prior, &planned.global_node_groups_to_retain);
    if !retain.is_empty() {
        return ids.into_iter().filter(|id| !retain.contains(id)).collect();
    }
    ids.into_iter().skip(usize::try_from(count).unwrap_or_default()).collect()
}

impl Step {
    /// What AWS does not return yet of the step; `None` when it is done.
    pub(in crate::resources::global_replication_group) fn missing(
        &self,
        datastore: &GlobalReplicationGroup,
    ) -> Option<String> {
        match self {
            Step::Tags => None,
            Step::Failover { group, region } => {
                let primary = primary(datastore);
                let id =
                    primary.and_then(GlobalReplicationGroupMember::replication_group_id).unwrap_or_default();
                let is_it = id.eq_ignore_ascii_case(group)
                    && primary.and_then(GlobalReplicationGroupMember::replication_group_region)
                        == Some(region.as_str());
                (!is_it).then(|| format!("its primary is {id:?}"))
            }
            Step::Description(text) => {
                (own_description(datastore) != text).then(|| "its description is the former one".to_owned())
            }
            Step::AddShards { count, .. } | Step::RemoveShards { count, .. } => {
                let shards = shard_count(datastore).unwrap_or_default();
                (shards != *count).then(|| format!("its number of shards is {shards}"))
            }
            Step::AutomaticFailover(on) => {
                let is_changing = datastore.members().iter().any(|member| {
                    matches!(
                        member.automatic_failover(),
                        Some(AutomaticFailoverStatus::Enabling | AutomaticFailoverStatus::Disabling)
                    )
                });
                let is_done = !is_changing && automatic_failover(datastore).is_none_or(|is| is == *on);
                (!is_done).then(|| "automatic failover is being changed".to_owned())
            }
            Step::Engine(upgrade) => upgrade.missing(datastore),
            Step::NodeType(node_type) => {
                let is = datastore.cache_node_type().unwrap_or_default();
                (!is.eq_ignore_ascii_case(node_type)).then(|| format!("its node type is {is}"))
            }
        }
    }
}

impl Upgrade {
    fn missing(&self, datastore: &GlobalReplicationGroup) -> Option<String> {
        let (engine, version) =
            (datastore.engine().unwrap_or_default(), datastore.engine_version().unwrap_or_default());
        let is_engine = self.engine.as_ref().is_none_or(|desired| engine.eq_ignore_ascii_case(desired));
        let is_version = match (Version::parse(&self.version), Version::parse(version)) {
            (Some(desired), Some(actual)) => desired.contains(actual),
            _ => true,
        };
        (!(is_engine && is_version)).then(|| format!("it runs {engine} {version}"))
    }
}
