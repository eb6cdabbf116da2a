//! Planning the shards of a group that exists: `node_group_configuration`, the counts, and
//! `node_groups`, the layout as AWS returns it.

use super::attributes::{NodeGroupModel, ReplicationGroupModel, ShardModel};
use super::layout::{self, Layout, Shard, Wish, same_elements};
use super::rules::{same_slot_texts, shard_id};
use super::{counts, datastore, deletion_protection};
use crate::engine::PlanContext;
use crate::services::elasticache::replication_group::Observed;
use crate::value::{Field, Path, SetOf};

type Plan<'a> = PlanContext<'a, ReplicationGroupModel>;

const BLOCKS: &str = "node_group_configuration";

/// The prior state with the shards that exist now, to compute steps from.
pub(super) fn observed(prior: &ReplicationGroupModel, group: &Observed) -> ReplicationGroupModel {
    let now = group.flatten(ReplicationGroupModel::default());
    ReplicationGroupModel {
        num_cache_clusters: now.num_cache_clusters,
        num_node_groups: now.num_node_groups,
        replicas_per_node_group: now.replicas_per_node_group,
        node_groups: now.node_groups,
        ..prior.clone()
    }
}

/// True when the plan changes shards, replicas or their Availability Zones.
pub(super) fn is_changed(prior: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> bool {
    prior.num_cache_clusters != planned.num_cache_clusters
        || prior.num_node_groups != planned.num_node_groups
        || prior.replicas_per_node_group != planned.replicas_per_node_group
        || prior.node_groups != planned.node_groups
}

/// Plans shards, replicas and Availability Zones of an existing group.
pub(super) fn plan(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let config = cx.config;
    if config.node_group_configuration.is_unknown() {
        // A dynamic block whose number is not known.
        return open(cx);
    }
    if prior.is_creating() {
        // What exists so far says nothing of what was asked for.
        let blocks = config.node_groups().iter().map(NodeGroupModel::with_omitted_unknown).collect();
        return cx.set_blocks(BLOCKS, SetOf(blocks));
    }
    let observed = Layout::of_state(prior);
    needs_cluster_mode(cx, prior);
    match config.node_groups() {
        [] => by_counts(cx, prior, &observed),
        blocks if counts::is_open(config) || blocks.iter().any(NodeGroupModel::has_unknown) => {
            let unknown = NodeGroupModel::default().with_omitted_unknown();
            cx.set_blocks(BLOCKS, SetOf(vec![unknown; blocks.len()]));
            open(cx);
        }
        blocks => by_blocks(cx, prior, &observed, blocks),
    }
}

/// Several shards need cluster mode, which a group reaches step by step: while it is compatible there is one shard.
fn needs_cluster_mode(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let blocks = cx.config.node_groups().len();
    let is_several = blocks > 1 || cx.planned.num_node_groups.known().is_some_and(|shards| *shards > 1);
    let is_unsharded = match cx.planned.cluster_mode.text() {
        Some("disabled" | "compatible") if cx.changed("cluster_mode") => true,
        // From disabled there is no way to enabled at once, which is an error of its own.
        _ => prior.cluster_enabled.known() == Some(&false) && !cx.changed("cluster_mode"),
    };
    if !is_several || !is_unsharded {
        return;
    }
    let name = if blocks > 1 { BLOCKS } else { "num_node_groups" };
    cx.diags.error_at(
        Path::attribute(name),
        "Several shards require cluster mode",
        "AWS adds shards only once `cluster_mode` is \"enabled\". Set \
         `cluster_mode = \"compatible\"` and apply; once every client uses cluster mode, set it to \
         \"enabled\" and apply; then add shards.",
    );
}

/// Plans that everything about the shards will be known after apply.
fn open(cx: &mut Plan<'_>) {
    for name in
        ["num_cache_clusters", "num_node_groups", "replicas_per_node_group", "node_groups", "member_clusters"]
    {
        cx.set_unknown(name);
    }
}

fn by_counts(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, observed: &Layout) {
    let targets = counts::targets(cx, prior);
    if !targets.is_open {
        check_zones(cx, prior, &targets);
    }
    let zones = &cx.config.preferred_cache_cluster_azs;
    let is_moved = zones.is_unknown() || counts::zones_of_one_shard(cx.config, prior, false).is_some();
    if !targets.is_change && !targets.is_open {
        cx.set_blocks(BLOCKS, kept_blocks(cx, prior, is_moved));
        if is_moved {
            cx.set_unknown("member_clusters");
            cx.set("node_groups", Field::Known(replaced_nodes(observed.models())));
        }
        return;
    }
    counts::by_targets(cx, observed, &targets);
    cx.set_unknown("member_clusters");
    let shards = targets.shards.known().copied();
    let before = i32::try_from(observed.shards.len()).unwrap_or(i32::MAX);
    let is_resharded = targets.shards.is_unknown() || shards.is_some_and(|shards| shards != before);
    if is_resharded {
        cx.set_unknown("node_groups");
    } else {
        cx.set("node_groups", Field::Known(replaced_nodes(observed.models())));
    }
    // Blocks of an import: the number of them follows what is known now and at apply alike.
    let left = shards.map_or(usize::MAX, |shards| usize::try_from(shards).unwrap_or_default());
    let mut blocks: Vec<NodeGroupModel> = prior.node_groups().to_vec();
    let mut staying: Vec<String> = observed.shards.iter().map(|shard| shard.id.clone()).collect();
    staying.sort();
    // The highest IDs are removed, see `scaling`.
    staying.truncate(left);
    let stays = |id: &str| staying.contains(&shard_id(id));
    blocks.retain(|block| block.node_group_id.text().is_none_or(stays));
    blocks.sort_by_key(|block| block.node_group_id.text().map(shard_id));
    blocks.truncate(left);
    for block in &mut blocks {
        if targets.is_open {
            *block = NodeGroupModel::default().with_omitted_unknown();
            continue;
        }
        if is_resharded {
            block.slots = Field::Unknown;
        }
        if let Some(replicas) = targets.replicas.known()
            && block.replica_count.known() != Some(replicas)
        {
            *block = with_open_places(block);
            block.replica_count = Field::Known(*replicas);
        }
    }
    cx.set_blocks(BLOCKS, SetOf(blocks));
}

/// The blocks of the state, which stay where the configuration has none. Other slots appear
/// with cluster mode.
fn kept_blocks(cx: &Plan<'_>, prior: &ReplicationGroupModel, is_moved: bool) -> SetOf<NodeGroupModel> {
    let mut blocks = prior.node_groups().to_vec();
    if is_moved {
        blocks.iter_mut().for_each(|block| *block = with_open_places(block));
    }
    if cx.changed("cluster_mode") {
        blocks.iter_mut().for_each(|block| block.slots = Field::Unknown);
    }
    SetOf(blocks)
}

/// A block whose nodes come and go where AWS chooses.
fn with_open_places(block: &NodeGroupModel) -> NodeGroupModel {
    NodeGroupModel {
        primary_availability_zone: Field::Unknown,
        replica_availability_zones: Field::Unknown,
        replica_outpost_arns: Field::Unknown,
        ..block.clone()
    }
}

/// The shards with nodes that are not known yet.
fn replaced_nodes(mut shards: Vec<ShardModel>) -> Vec<ShardModel> {
    shards.iter_mut().for_each(|shard| shard.nodes = Field::Unknown);
    shards
}

/// Checks `preferred_cache_cluster_azs` of a group that exists: one entry for each node, and the
/// primary where it is, since only a failover moves it.
fn check_zones(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, targets: &counts::Targets) {
    let name = "preferred_cache_cluster_azs";
    let Some(zones) = counts::zones_of_one_shard(cx.config, prior, targets.is_change) else { return };
    let replicas = targets.replicas.known().or(prior.replicas_per_node_group.known());
    let nodes = replicas.map(|replicas| replicas.saturating_add(1));
    if let Some(nodes) = nodes.filter(|nodes| i32::try_from(zones.len()) != Ok(*nodes)) {
        let detail = format!(
            "`preferred_cache_cluster_azs` has {} entries, but the replication group has {nodes} nodes. Set \
             one Availability Zone for each node; one may be repeated.",
            zones.len()
        );
        return cx.diags.error_at(Path::attribute(name), format!("Invalid {name}"), detail);
    }
    let primary = prior.preferred_cache_cluster_azs.known().and_then(|before| before.first());
    if let Some(primary) = primary.filter(|primary| !zones.contains(primary)) {
        let detail = format!(
            "The primary was created in {primary}, and `preferred_cache_cluster_azs` no longer has it. AWS \
             adds and removes replicas in any Availability Zone, but only a failover moves the primary. Keep \
             {primary} in the list."
        );
        cx.diags.error_at(Path::attribute(name), "Primary cannot be moved", detail);
    }
}

fn by_blocks(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, observed: &Layout, blocks: &[NodeGroupModel]) {
    let wishes = counts::wishes(cx.config);
    let pairs = layout::pair(&wishes, observed);
    let is_resharded = observed.shards.len() != blocks.len() || pairs.iter().any(Option::is_none);
    let held: Vec<Wish> = prior.node_groups().iter().map(|block| Wish::of_block(block, None)).collect();
    let held = layout::pair(&held, observed);
    let old = |shard: usize| {
        let at = held.iter().position(|pair| *pair == Some(shard))?;
        prior.node_groups().get(at)
    };
    let fixed = pairs.iter().enumerate().find_map(|(at, pair)| {
        let shard = observed.shards.get((*pair)?)?;
        unalterable(shard, &blocks[at], &wishes[at], old((*pair)?))
    });
    let is_refused = is_resharded && datastore::remains_member(prior, &cx.planned);
    if let (true, Some(datastore)) = (is_refused, prior.global_replication_group_id.text()) {
        cx.diags.error_at(
            Path::attribute(BLOCKS),
            "Global datastore controls the shards",
            format!(
                "Replication group {:?} is a member of the global datastore {datastore:?}, and AWS refuses \
                 to add or remove shards of a member. Change the number of shards of the global datastore, \
                 then set one `node_group_configuration` block for each shard.",
                prior.group_id()
            ),
        );
    } else if let Some(why) = fixed {
        deletion_protection::replace(cx, prior, BLOCKS, &why);
        // Core ignores a replacement where the plan differs in nothing.
        let new = blocks.iter().map(NodeGroupModel::with_omitted_unknown).collect();
        cx.set_blocks(BLOCKS, SetOf(new));
        return open(cx);
    } else if is_resharded && wishes.iter().any(|wish| wish.slots.is_some()) {
        cx.diags.error_at(
            Path::attribute(BLOCKS),
            "Slots cannot be set during resharding",
            "AWS distributes the slots itself when shards are added to or removed from an existing \
             replication group (online resharding). Remove `slots` from all `node_group_configuration` \
             blocks. A given distribution needs a new replication group: `terraform apply -replace=ADDRESS`, \
             which loses the data unless it is restored from a snapshot.",
        );
    }

    let open_slots = is_resharded || cx.changed("cluster_mode");
    let ids = layout::ids(&wishes, &pairs, observed);
    let mut is_changed = is_resharded;
    let mut planned = Vec::new();
    let mut shards = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        let id = ids.get(at).cloned().unwrap_or_default();
        let pair = pairs[at].and_then(|at| Some((observed.shards.get(at)?, old(at))));
        let Some((shard, old)) = pair else {
            let named = block.node_group_id.text().unwrap_or(&id);
            let new = NodeGroupModel { node_group_id: named.into(), slots: Field::Null, ..block.clone() };
            let replicas = wishes[at].replicas.map_or(Field::Unknown, Field::Known);
            planned.push(NodeGroupModel { replica_count: replicas, ..new.with_omitted_unknown() });
            let id = id.as_str().into();
            shards.push(ShardModel { node_group_id: id, slots: Field::Unknown, nodes: Field::Unknown });
            continue;
        };
        let is_moved = !wishes[at].missing_zones(shard).is_empty();
        let is_resized = wishes[at].replicas.is_some_and(|replicas| replicas != shard.replicas);
        is_changed |= is_moved || is_resized;
        let mut block = continued(shard, block, &wishes[at], old, is_moved || is_resized);
        let mut model = Layout { shards: vec![shard.clone()] }.models().remove(0);
        if open_slots {
            (block.slots, model.slots) = (Field::Unknown, Field::Unknown);
        }
        if is_moved || is_resized {
            model.nodes = Field::Unknown;
        }
        planned.push(block);
        shards.push(model);
    }
    cx.set_blocks(BLOCKS, SetOf(planned));
    if !is_changed {
        return keep_replicas(cx, prior);
    }
    shards.sort_by(|a, b| a.node_group_id.known().cmp(&b.node_group_id.known()));
    counts::by_blocks(cx);
    cx.set("node_groups", Field::Known(shards));
    cx.set_unknown("member_clusters");
}

/// Beside blocks `replicas_per_node_group` only fills in what they omit. Where that changes no
/// shard, it is no change.
fn keep_replicas(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    if !cx.changed("replicas_per_node_group") || cx.config.replicas_per_node_group.is_unknown() {
        return;
    }
    cx.set("replicas_per_node_group", prior.replicas_per_node_group.clone());
    cx.set("num_cache_clusters", prior.num_cache_clusters.clone());
    cx.set("member_clusters", prior.member_clusters.clone());
}

/// The planned block of a shard that stays: in the spelling of the state where that means the
/// same. `is_changed` opens what a change of its nodes leads to.
fn continued(
    shard: &Shard,
    block: &NodeGroupModel,
    wish: &Wish,
    old: Option<&NodeGroupModel>,
    is_changed: bool,
) -> NodeGroupModel {
    let existing = old.cloned().unwrap_or_else(|| described(shard, block));
    let mut planned = existing.clone();
    if let Some(replicas) = wish.replicas {
        planned.replica_count = Field::Known(replicas);
    }
    if is_changed {
        let list = |list: &Field<Vec<String>>| match list.known().filter(|list| !list.is_empty()) {
            Some(list) => Field::Known(list.clone()),
            None => Field::Unknown,
        };
        planned.primary_availability_zone = match block.primary_availability_zone.text() {
            Some(zone) => zone.into(),
            None => Field::Unknown,
        };
        planned.replica_availability_zones = list(&block.replica_availability_zones);
        planned.replica_outpost_arns = list(&block.replica_outpost_arns);
    }
    planned
}

/// The block that describes an existing shard, in the spelling of a new block of the configuration.
pub(super) fn described(shard: &Shard, spelling: &NodeGroupModel) -> NodeGroupModel {
    let same_id = spelling.node_group_id.text().is_some_and(|id| shard_id(id) == shard.id);
    let id = if same_id { spelling.node_group_id.clone() } else { shard.id.as_str().into() };
    let wish = Wish::of_block(spelling, None);
    let slots = match (&wish.slots, &shard.slots) {
        (Some(own), Some(observed)) if same_slot_texts(own, observed) => spelling.slots.clone(),
        (_, observed) => observed.clone().into(),
    };
    let (primary, replicas) = zones(shard, spelling);
    let (primary_outpost, replica_outposts) = outposts(shard, spelling);
    NodeGroupModel {
        node_group_id: id,
        primary_availability_zone: primary,
        primary_outpost_arn: primary_outpost,
        replica_availability_zones: replicas,
        replica_outpost_arns: replica_outposts,
        replica_count: Field::Known(shard.replicas),
        slots,
    }
}

/// The blocks of a state or plan as their shards are now, each in its spelling. Blocks without
/// an ID find theirs; those whose shard is gone are gone as well. If there was a block for each of
/// the shards `before`, a shard that auto scaling or another client has added since is a block too,
/// so that `ignore_changes` can concern it.
pub(super) fn refreshed(
    blocks: &[NodeGroupModel],
    before: Option<&[ShardModel]>,
    layout: &Layout,
) -> Vec<NodeGroupModel> {
    // Blocks that remain of an import beside counts do not follow the shards.
    let covers_all = before.is_some_and(|before| !before.is_empty() && before.len() == blocks.len());
    let wishes: Vec<Wish> = blocks.iter().map(|block| Wish::of_block(block, None)).collect();
    let pairs = layout::pair(&wishes, layout);
    let shard =
        |(block, pair): (&NodeGroupModel, Option<usize>)| Some(described(layout.shards.get(pair?)?, block));
    let known = blocks.iter().zip(pairs.iter().copied()).filter_map(shard);
    let others = layout.shards.iter().enumerate().filter(|(at, _)| covers_all && !pairs.contains(&Some(*at)));
    known.chain(others.map(|(_, shard)| described(shard, &NodeGroupModel::default()))).collect()
}

/// Outposts of primary and replicas. As with Availability Zones, the split of the spelling stays as long as the Outposts
/// are the same.
fn outposts(shard: &Shard, spelling: &NodeGroupModel) -> (Field<String>, Field<Vec<String>>) {
    let own = Wish::of_block(spelling, None).outposts;
    if shard.outposts.is_empty() || same_elements(&own, &shard.outposts) {
        let replicas = spelling.replica_outpost_arns.known().cloned();
        return (spelling.primary_outpost_arn.known().cloned().into(), replicas.into());
    }
    let primary = shard.nodes.iter().find(|node| node.is_primary).or(shard.nodes.first());
    let primary = primary.and_then(|node| node.outpost.clone());
    let replicas = layout::without(&shard.outposts, primary.as_slice());
    (primary.into(), Field::Known(replicas))
}

/// Availability Zones of primary and replicas. The split of the spelling stays as long as the
/// zones are the same: a failover moves the primary, which is no change of the configuration.
fn zones(shard: &Shard, spelling: &NodeGroupModel) -> (Field<String>, Field<Vec<String>>) {
    let (primary, replicas) = (&spelling.primary_availability_zone, &spelling.replica_availability_zones);
    let known = |field: &Field<Vec<String>>| field.known().cloned();
    if shard.zones.is_empty() {
        return (primary.known().cloned().into(), known(replicas).into());
    }
    let own = Wish::of_block(spelling, None).zones();
    if same_elements(&own, &shard.zones) && primary.text().is_some() {
        return (primary.clone(), Field::Known(replicas.known().cloned().unwrap_or_default()));
    }
    let first = primary.text().filter(|zone| shard.zones.iter().any(|other| other == zone));
    let first = first.map(str::to_owned).or(shard.zones.first().cloned());
    let rest = layout::without(&shard.zones, first.as_slice());
    (first.into(), Field::Known(rest))
}

/// Why a shard cannot become what is asked of it in place; `None` where it can.
fn unalterable(
    shard: &Shard,
    block: &NodeGroupModel,
    wish: &Wish,
    old: Option<&NodeGroupModel>,
) -> Option<deletion_protection::Reason> {
    let id = &shard.id;
    if !wish.has_slots_of(shard) {
        return Some(deletion_protection::Reason {
            rule: format!(
                "Shard {id} has the slots {}, and {} are configured. AWS distributes slots itself and does not move them on \
                 request.",
                shard.slots.as_deref().unwrap_or_default(),
                wish.slots.as_deref().unwrap_or_default()
            ),
            way: Some(
                "Remove `slots` from all `node_group_configuration` blocks to leave them where they are."
                    .to_owned(),
            ),
        });
    }
    let primary = old.and_then(|old| old.primary_availability_zone.text());
    let primary = primary.or(shard.zones.first().map(String::as_str));
    let zones = wish.zones();
    let is_full = wish.replicas.unwrap_or(shard.replicas).saturating_add(1);
    let is_full = i32::try_from(zones.len()).is_ok_and(|count| count >= is_full);
    let missing = wish.missing_zones(shard);
    // A node that moves is added before the other is removed, and the primary is never removed.
    let replicas = wish.replicas.unwrap_or(shard.replicas);
    let leaves = |primary: &str| is_full && !zones.is_empty() && !zones.iter().any(|zone| zone == primary);
    if let Some(primary) = primary
        && ((leaves(primary) && (!missing.is_empty() || replicas < shard.replicas))
            || (!missing.is_empty() && replicas == 0))
    {
        return Some(deletion_protection::Reason {
            rule: format!(
                "The primary of shard {id} is in {primary}, where no node is configured. AWS adds and removes replicas in \
                 any Availability Zone, but only a failover moves the primary."
            ),
            way: Some(format!(
                "Keep {primary} among the Availability Zones of the shard, or fail over to a replica first."
            )),
        });
    }
    let before = old.map(|old| Wish::of_block(old, None).outposts).unwrap_or_default();
    let after = Wish::of_block(block, None).outposts;
    let staying = before.len() - layout::without(&before, &after).len();
    if staying < before.len().min(after.len()) {
        return Some(deletion_protection::Reason {
            rule: format!("Nodes of shard {id} are on other Outposts, and AWS does not move them."),
            way: None,
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::layout::Node;
    use super::*;

    fn block(primary: &str, replicas: &[&str]) -> NodeGroupModel {
        NodeGroupModel {
            node_group_id: "0001".into(),
            primary_outpost_arn: primary.into(),
            replica_outpost_arns: Field::Known(replicas.iter().map(|arn| (*arn).to_owned()).collect()),
            ..NodeGroupModel::default()
        }
    }

    fn shard(outposts: &[&str]) -> Shard {
        let outposts: Vec<String> = outposts.iter().map(|arn| (*arn).to_owned()).collect();
        let node = |(at, outpost): (usize, &String)| Node {
            id: format!("cache-0001-{at:03}"),
            outpost: Some(outpost.clone()),
            is_primary: at == 0,
            ..Node::default()
        };
        let nodes = outposts.iter().enumerate().map(node).collect();
        Shard { id: "0001".to_owned(), outposts, nodes, ..Shard::default() }
    }

    #[test]
    fn failover_to_another_outpost_is_no_change() {
        let swapped = shard(&["b", "a"]);
        let own = block("a", &["b"]);
        let found = described(&swapped, &own);
        assert_eq!(
            (found.primary_outpost_arn, found.replica_outpost_arns),
            ("a".into(), own.replica_outpost_arns)
        );
        let found = described(&swapped, &block("b", &["c"]));
        assert_eq!(Wish::of_block(&found, None).outposts, ["b", "a"]);
    }

    #[test]
    fn nodes_on_other_outposts_need_another_replication_group() {
        let is_refused = |old: &NodeGroupModel, new: &NodeGroupModel| {
            unalterable(&shard(&[]), new, &Wish::of_block(new, None), Some(old)).is_some()
        };
        let old = block("a", &["b"]);
        for (new, refused) in [
            (block("a", &["b"]), false),
            (block("b", &["a"]), false),
            (block("a", &["b", "c"]), false),
            (block("a", &[]), false),
            (NodeGroupModel { replica_outpost_arns: Field::Null, ..block("b", &[]) }, false),
            (NodeGroupModel::default(), false),
            (block("c", &["b"]), true),
            (block("a", &["c"]), true),
            (block("a", &["c", "d"]), true),
        ] {
            assert_eq!(is_refused(&old, &new), refused, "{new:?}");
        }
    }
}
