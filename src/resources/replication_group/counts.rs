//! The ways of counting nodes: `num_cache_clusters`, `num_node_groups` with
//! `replicas_per_node_group`, and the `node_group_configuration` blocks. Counts that agree may
//! stand together, as in a generated configuration; counts that contradict each other are errors.

use std::collections::BTreeSet;

use super::attributes::{NodeGroupModel, ReplicationGroupModel};
use super::datastore;
use super::layout::{Layout, Wish};
use super::rules::shard_id;
use super::scaling::Desired;
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::value::{Field, Path, SetOf};

const CLUSTERS: &str = "num_cache_clusters";
const SHARDS: &str = "num_node_groups";
const REPLICAS: &str = "replicas_per_node_group";
const BLOCKS: &str = "node_group_configuration";

/// Refuses counts of a configuration that contradict each other, as far as they are known.
pub(super) fn check(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    if config.node_group_configuration.is_unknown() {
        return;
    }
    match config.node_groups() {
        [] => check_counts(config, diags),
        blocks => check_blocks(config, blocks, diags),
    }
}

fn refuse(diags: &mut Diagnostics, name: &str, detail: String) {
    diags.error_at(Path::attribute(name), format!("Invalid {name}"), detail);
}

/// A number of things, such as `2 nodes`.
fn number(of: i64, one: &str) -> String {
    if of == 1 { format!("1 {one}") } else { format!("{of} {one}s") }
}

fn given(count: &Field<i32>) -> Option<i64> {
    count.known().map(|count| i64::from(*count))
}

fn check_counts(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let Some(nodes) = given(&config.num_cache_clusters) else { return };
    let shards = given(&config.num_node_groups).filter(|shards| *shards > 0);
    let replicas = given(&config.replicas_per_node_group).filter(|replicas| *replicas >= 0);
    let (contradicts, others) = match (shards, replicas) {
        (Some(shards), Some(replicas)) => (
            nodes != shards * (replicas + 1),
            format!(
                "`num_node_groups = {shards}` and `replicas_per_node_group = {replicas}` make {}",
                number(shards * (replicas + 1), "node")
            ),
        ),
        (Some(shards), None) if config.replicas_per_node_group.is_null() => (
            nodes % shards != 0,
            format!("`num_node_groups` is {shards}, and each shard has the same number of nodes"),
        ),
        (None, Some(replicas)) if config.num_node_groups.is_null() => (
            nodes % (replicas + 1) != 0,
            format!(
                "`replicas_per_node_group = {replicas}` makes {} for each shard",
                number(replicas + 1, "node")
            ),
        ),
        _ => return,
    };
    if contradicts {
        let detail = format!(
            "`num_cache_clusters` is {nodes}, but {others} (the primary of a shard counts). Change one of them, or remove \
             `num_cache_clusters`."
        );
        refuse(diags, CLUSTERS, detail);
    }
}

fn check_blocks(config: &ReplicationGroupModel, blocks: &[NodeGroupModel], diags: &mut Diagnostics) {
    if let Some(shards) = config.num_node_groups.known()
        && usize::try_from(*shards) != Ok(blocks.len())
    {
        let detail = format!(
            "`num_node_groups` is {shards}, but the configuration has {} `node_group_configuration` blocks. \
             Set as many blocks, or none.",
            blocks.len()
        );
        refuse(diags, SHARDS, detail);
    }
    same_ids(blocks, diags);
    if config.replicas_per_node_group.is_null()
        && let (Some(Err(Unequal)), Some(nodes)) = (equal_share(config), config.num_cache_clusters.known())
    {
        let detail = format!(
            "`num_cache_clusters` is {nodes}, which leaves no equal number of replicas for the \
             `node_group_configuration` blocks without `replica_count` (the primary of each shard counts). Set \
             `replica_count` in each block, or change `num_cache_clusters`."
        );
        refuse(diags, CLUSTERS, detail);
    }
    let replicas: Vec<Option<i32>> = blocks.iter().map(|block| replicas_of(config, block)).collect();
    for (block, replicas) in blocks.iter().zip(&replicas) {
        zones(block, *replicas, diags);
    }
    let Some(replicas) = replicas.into_iter().collect::<Option<Vec<i32>>>() else { return };
    let list = replicas.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
    let total: i64 = replicas.iter().map(|replicas| i64::from(*replicas) + 1).sum();
    if let Some(nodes) = given(&config.num_cache_clusters).filter(|nodes| *nodes != total) {
        let detail = format!(
            "`num_cache_clusters` is {nodes}, but the `node_group_configuration` blocks have {list} \
             replicas, which makes {total} nodes (the primary of a shard counts). Set `num_cache_clusters = \
             {total}`, or remove it."
        );
        refuse(diags, CLUSTERS, detail);
    }
    let each_says = blocks.iter().all(|block| block.replica_count.known().is_some());
    if let Some(count) = config.replicas_per_node_group.known()
        && each_says
        && !replicas.contains(count)
    {
        let detail = format!(
            "`replicas_per_node_group` is {count}, but every `node_group_configuration` block has a \
             `replica_count` of its own: {list}. Change one of them, or remove `replicas_per_node_group`."
        );
        refuse(diags, REPLICAS, detail);
    }
}

/// Two blocks of one shard, as `1` and `0001` are.
fn same_ids(blocks: &[NodeGroupModel], diags: &mut Diagnostics) {
    let mut visited = BTreeSet::new();
    for id in blocks.iter().filter_map(|block| block.node_group_id.text()).map(shard_id) {
        if !visited.insert(id.clone()) {
            let detail = format!(
                "Two `node_group_configuration` blocks have the `node_group_id` {id:?}. Set a different one \
                 in each."
            );
            refuse(diags, BLOCKS, detail);
        }
    }
}

/// "The number of Availability Zones in this list must match the value of ReplicaCount or
/// ReplicasPerNodeGroup if not specified" (API reference, `NodeGroupConfiguration`).
fn zones(block: &NodeGroupModel, replicas: Option<i32>, diags: &mut Diagnostics) {
    let lists = [
        ("replica_availability_zones", &block.replica_availability_zones),
        ("replica_outpost_arns", &block.replica_outpost_arns),
    ];
    for (name, list) in lists {
        let (Some(replicas), Some(list)) = (replicas, list.known().filter(|list| !list.is_empty())) else {
            continue;
        };
        if i32::try_from(list.len()) != Ok(replicas) {
            let shard = block.node_group_id.text().map(|id| format!(" {id:?}")).unwrap_or_default();
            let detail = format!(
                "The `node_group_configuration` block{shard} has {replicas} replicas, but `{name}` has {} \
                 entries. Set one for each replica, or omit it.",
                list.len()
            );
            refuse(diags, BLOCKS, detail);
        }
    }
}

/// Replicas of the shard of a block: its own number, else that of the group. AWS creates none
/// where neither is given.
fn replicas_of(config: &ReplicationGroupModel, block: &NodeGroupModel) -> Option<i32> {
    match block.replica_count {
        Field::Known(replicas) => Some(replicas),
        Field::Unknown => None,
        Field::Null => default_replicas(config),
    }
}

/// Replicas of the shards whose blocks do not say how many.
fn default_replicas(config: &ReplicationGroupModel) -> Option<i32> {
    match &config.replicas_per_node_group {
        Field::Known(replicas) => Some(*replicas),
        Field::Null => equal_share(config)?.ok(),
        Field::Unknown => None,
    }
}

/// The nodes of the configuration cannot be shared equally.
struct Unequal;

/// The replicas of each block that does not say how many, so that the shards have `num_cache_clusters` nodes; `None`
/// if each block says it, or if one of these is not known.
fn equal_share(config: &ReplicationGroupModel) -> Option<Result<i32, Unequal>> {
    let (mut left, mut sharers) = (*config.num_cache_clusters.known()?, 0);
    for block in config.node_groups() {
        left = left.saturating_sub(1);
        match block.replica_count {
            Field::Known(replicas) => left = left.saturating_sub(replicas),
            Field::Null => sharers += 1,
            Field::Unknown => return None,
        }
    }
    let share = left.checked_div(sharers)?;
    Some(if left >= 0 && share * sharers == left { Ok(share) } else { Err(Unequal) })
}

/// True when it is not known yet how many replicas a block leaves to the group's counts.
pub(super) fn is_open(config: &ReplicationGroupModel) -> bool {
    let counts = [&config.replicas_per_node_group, &config.num_cache_clusters];
    counts.iter().any(|count| count.is_unknown())
        && config.node_groups().iter().any(|block| block.replica_count.is_null())
}

/// What the blocks of the configuration ask for.
pub(super) fn wishes(config: &ReplicationGroupModel) -> Vec<Wish> {
    config.node_groups().iter().map(|block| Wish::of_block(block, default_replicas(config))).collect()
}

/// Replicas of each shard as the counts alone ask for them, in a group of `shards`; `None` where
/// they do not say.
fn replicas_by_counts(config: &ReplicationGroupModel, shards: i32) -> Option<i32> {
    let by_nodes = || {
        let nodes = *config.num_cache_clusters.known()?;
        (nodes % shards == 0).then(|| nodes / shards - 1)
    };
    config.replicas_per_node_group.known().copied().or_else(by_nodes)
}

/// Plans the counts of a new group that the configuration omits.
pub(super) fn create(cx: &mut PlanContext<'_, ReplicationGroupModel>) {
    if cx.config.node_group_configuration.is_unknown() {
        return;
    }
    if !cx.config.node_groups().is_empty() {
        fill_replicas(cx);
        return by_blocks(cx);
    }
    let shards = match (&cx.config.num_node_groups, &cx.config.num_cache_clusters) {
        (Field::Known(shards), _) if *shards > 0 => *shards,
        // A snapshot or a global datastore may bring more shards than one.
        (Field::Null, Field::Known(_)) => 1,
        _ => return,
    };
    if let Some(detail) = contradiction(cx.config, shards) {
        return refuse(&mut cx.diags, CLUSTERS, detail);
    }
    if let Some(replicas) = replicas_by_counts(cx.config, shards) {
        cx.set(SHARDS, shards);
        cx.set(REPLICAS, replicas);
        cx.set(CLUSTERS, shards.saturating_mul(replicas.saturating_add(1)));
    }
}

/// Says why a replication group of so many shards cannot have both counts of the configuration.
fn contradiction(config: &ReplicationGroupModel, shards: i32) -> Option<String> {
    let (nodes, replicas) = (given(&config.num_cache_clusters)?, given(&config.replicas_per_node_group)?);
    let made = i64::from(shards) * (replicas + 1);
    (nodes != made).then(|| {
        let (made, shards) = (number(made, "node"), number(shards.into(), "shard"));
        format!(
            "`num_cache_clusters` is {nodes}, but `replicas_per_node_group = {replicas}` makes {made} of a \
             replication group with {shards} (the primary of a shard counts). Change one of them, or set \
             `num_node_groups`."
        )
    })
}

/// The replicas of a new group's blocks that follow from its counts.
fn fill_replicas(cx: &mut PlanContext<'_, ReplicationGroupModel>) {
    let fill = |block: &NodeGroupModel| NodeGroupModel {
        replica_count: replicas_of(cx.config, block).map_or(Field::Unknown, Field::Known),
        ..block.with_omitted_unknown()
    };
    let blocks = SetOf(cx.config.node_groups().iter().map(fill).collect());
    cx.set_blocks(BLOCKS, blocks);
}

/// Plans the counts that follow from the planned blocks.
pub(super) fn by_blocks(cx: &mut PlanContext<'_, ReplicationGroupModel>) {
    let blocks = cx.planned.node_groups();
    let shards = i32::try_from(blocks.len()).unwrap_or(i32::MAX);
    let replicas: Option<Vec<i32>> =
        blocks.iter().map(|block| block.replica_count.known().copied()).collect();
    cx.set(SHARDS, shards);
    match replicas {
        Some(replicas) => {
            cx.set(REPLICAS, replicas.iter().copied().max().unwrap_or_default());
            cx.set(CLUSTERS, replicas.iter().fold(shards, |sum, more| sum.saturating_add(*more)));
        }
        None => {
            cx.set_unknown(REPLICAS);
            cx.set_unknown(CLUSTERS);
        }
    }
}

/// The shards that the counts of the configuration ask of an existing group: known where they state it, null
/// where they leave it as it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Targets {
    pub(super) shards: Field<i32>,
    pub(super) replicas: Field<i32>,
    /// True when a count of the configuration is not that of the state.
    pub(super) is_change: bool,
    /// True when a count of the configuration is not known yet.
    pub(super) is_open: bool,
}

/// Reads the counts of the configuration for a group that exists, and refuses a number of nodes
/// that its shards cannot have.
pub(super) fn targets(
    cx: &mut PlanContext<'_, ReplicationGroupModel>,
    prior: &ReplicationGroupModel,
) -> Targets {
    let config = datastore::counts(cx.config, prior, &cx.planned);
    let config = config.as_ref();
    let before = prior.num_node_groups.known().copied().filter(|shards| *shards > 0).unwrap_or(1);
    let shards = config.num_node_groups.known().copied().filter(|shards| *shards > 0).unwrap_or(before);
    let same_nodes = config.num_cache_clusters == prior.num_cache_clusters && shards == before;
    let replicas = match (&config.replicas_per_node_group, &config.num_cache_clusters) {
        (Field::Null, Field::Unknown) => Field::Unknown,
        (Field::Null, Field::Known(_)) if config.num_node_groups.is_unknown() => Field::Unknown,
        // As many nodes as there are, however they are distributed.
        (Field::Null, Field::Known(_)) if same_nodes => Field::Null,
        (Field::Null, Field::Known(nodes)) => match replicas_by_counts(config, shards) {
            Some(replicas) => Field::Known(replicas),
            None => {
                let detail = format!(
                    "`num_cache_clusters` is {nodes}, but the replication group has {shards} shards with the \
                     same number of nodes each. Set a multiple of {shards}; or set `replicas_per_node_group` \
                     in place of `num_cache_clusters`."
                );
                refuse(&mut cx.diags, CLUSTERS, detail);
                Field::Null
            }
        },
        (replicas, _) => {
            let is_open = config.num_node_groups.is_unknown();
            if let Some(detail) = contradiction(config, shards).filter(|_| !is_open) {
                refuse(&mut cx.diags, CLUSTERS, detail);
            }
            replicas.clone()
        }
    };
    let differs = |config: &Field<i32>, prior: &Field<i32>| config.known().is_some() && config != prior;
    let is_change = differs(&config.num_node_groups, &prior.num_node_groups)
        || differs(&config.replicas_per_node_group, &prior.replicas_per_node_group)
        || differs(&config.num_cache_clusters, &prior.num_cache_clusters);
    let all = [&config.num_node_groups, &config.replicas_per_node_group, &config.num_cache_clusters];
    let is_open = all.iter().any(|count| count.is_unknown());
    Targets { shards: config.num_node_groups.clone(), replicas, is_change, is_open }
}

/// Plans the counts that a change leads to and that the configuration omits.
pub(super) fn by_targets(
    cx: &mut PlanContext<'_, ReplicationGroupModel>,
    observed: &Layout,
    targets: &Targets,
) {
    if targets.is_open {
        for name in [SHARDS, REPLICAS, CLUSTERS] {
            cx.set_unknown(name);
        }
        return;
    }
    let before = i32::try_from(observed.shards.len()).unwrap_or(i32::MAX);
    let shards = targets.shards.known().copied().unwrap_or(before);
    let staying = || observed.shards.iter().take(usize::try_from(shards).unwrap_or_default());
    let added = shards.saturating_sub(before).max(0);
    let (replicas, nodes) = match targets.replicas.known() {
        Some(replicas) => (*replicas, shards.saturating_mul(replicas.saturating_add(1))),
        None => {
            let each = added.saturating_mul(observed.smallest().saturating_add(1));
            let sum =
                |sum: i32, shard: &super::layout::Shard| sum.saturating_add(shard.replicas).saturating_add(1);
            (staying().map(|shard| shard.replicas).max().unwrap_or_default(), staying().fold(each, sum))
        }
    };
    cx.set(SHARDS, shards);
    cx.set(REPLICAS, replicas);
    cx.set(CLUSTERS, nodes);
}

/// What the configuration asks of the shards, once everything in it is known. `prior` is the
/// group as it was before the change.
pub(super) fn desired(
    config: &ReplicationGroupModel,
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Desired {
    if !config.node_groups().is_empty() {
        return Desired::Shards(wishes(config));
    }
    let config = datastore::counts(config, prior, planned);
    let config = config.as_ref();
    let counts = |model: &ReplicationGroupModel| {
        let counts = [&model.num_cache_clusters, &model.num_node_groups, &model.replicas_per_node_group];
        counts.map(Clone::clone)
    };
    let is_change = counts(prior) != counts(planned);
    let configured = [&config.num_cache_clusters, &config.replicas_per_node_group];
    let is_counted = configured.iter().any(|count| count.known().is_some());
    let replicas = planned.replicas_per_node_group.known().copied().filter(|_| is_counted);
    if let Some(zones) = zones_of_one_shard(config, prior, is_change) {
        let id = Layout::of_state(prior).shards.first().map(|shard| shard.id.clone());
        return Desired::Shards(vec![Wish {
            id,
            replicas,
            primary_zone: zones.first().cloned(),
            replica_zones: zones.get(1..).unwrap_or_default().to_vec(),
            ..Wish::default()
        }]);
    }
    let of_change = |count: Option<i32>| count.filter(|_| is_change);
    Desired::Counts {
        shards: of_change(config.num_node_groups.known().copied()),
        replicas: of_change(replicas),
    }
}

/// The Availability Zones of `preferred_cache_cluster_azs`, where a change concerns them: AWS
/// knows the list for groups of one shard only.
pub(super) fn zones_of_one_shard<'a>(
    config: &'a ReplicationGroupModel,
    prior: &ReplicationGroupModel,
    is_change: bool,
) -> Option<&'a [String]> {
    let zones = config.preferred_cache_cluster_azs.known().filter(|zones| !zones.is_empty())?;
    let is_one = |shards: &Field<i32>| shards.known().is_none_or(|shards| *shards == 1);
    let before = prior.preferred_cache_cluster_azs.known();
    let is_moved = before.is_some_and(|before| !before.is_empty() && before != zones);
    (is_one(&config.num_node_groups) && is_one(&prior.num_node_groups) && (is_change || is_moved))
        .then_some(zones.as_slice())
}

/// The counts of a create call: one way of counting, not two. Cluster mode counts by shards,
/// since AWS refuses one node with failover by `NumCacheClusters` (API reference), and blocks
/// have counts of their own.
pub(super) struct Request {
    pub(super) clusters: Option<i32>,
    pub(super) shards: Option<i32>,
    pub(super) replicas: Option<i32>,
}

/// See [`Request`].
pub(super) fn request(config: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> Request {
    let known = |count: &Field<i32>| count.known().copied();
    let (clusters, shards) = (known(&config.num_cache_clusters), known(&config.num_node_groups));
    if !config.node_groups().is_empty() {
        // Beside blocks that say it all, AWS refuses another number for all shards (hashicorp/aws #49695).
        let each_says = planned.node_groups().iter().all(|block| block.replica_count.known().is_some());
        let replicas = known(&config.replicas_per_node_group).filter(|_| !each_says);
        return Request { clusters: None, shards, replicas };
    }
    let replicas = known(&config.replicas_per_node_group);
    if shards.is_none() && replicas.is_none() && !planned.has_cluster_mode() {
        return Request { clusters, shards, replicas };
    }
    let by_nodes = || clusters.and(known(&planned.replicas_per_node_group));
    let counted = clusters.and(known(&planned.num_node_groups));
    Request { clusters: None, shards: shards.or(counted), replicas: replicas.or_else(by_nodes) }
}
