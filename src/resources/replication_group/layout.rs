//! The shards of a group with their nodes, in whichever form they are described.
//!
//! Counts, `node_group_configuration` blocks and the `NodeGroups` of the API all become a
//! [`Layout`] (what exists) or a list of [`Wish`]es (what the configuration asks for), so that
//! no two spellings of the same arrangement are ever compared as text.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{NodeGroup, NodeGroupMember, ReplicationGroup};

use super::attributes::{NodeGroupModel, ReplicationGroupModel, ShardModel, ShardNodeModel};
use super::rules::{same_slot_texts, shard_id};
use crate::engine::state::set_matching;
use crate::value::Field;

/// Most shards that counts alone are expanded to. AWS's own limit is 500.
const MOST_SHARDS: i32 = 1000;

/// The shards that exist, by ID.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Layout {
    pub(super) shards: Vec<Shard>,
}

/// One shard.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Shard {
    /// The ID in four digits.
    pub(super) id: String,
    /// Nodes other than the primary.
    pub(super) replicas: i32,
    /// Availability Zones of the nodes, as far as they are known: the primary's first where the
    /// API names the primary, otherwise in the order of the node IDs.
    pub(super) zones: Vec<String>,
    /// Outposts of the nodes, as far as they are known.
    pub(super) outposts: Vec<String>,
    /// Hash slots; `None` without cluster mode.
    pub(super) slots: Option<String>,
    /// The nodes by ID; empty where only their number is known.
    pub(super) nodes: Vec<Node>,
}

/// One node of a shard.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) zone: Option<String>,
    pub(super) outpost: Option<String>,
    /// True when the API names this node as the primary. With cluster mode it names none.
    pub(super) is_primary: bool,
}

/// What the configuration asks of one shard; what is `None` or empty stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Wish {
    /// The ID in four digits.
    pub(super) id: Option<String>,
    pub(super) replicas: Option<i32>,
    pub(super) primary_zone: Option<String>,
    pub(super) replica_zones: Vec<String>,
    pub(super) slots: Option<String>,
    pub(super) outposts: Vec<String>,
}

/// What `all` has beyond `some`, each element as often as it is missing in `some`.
pub(super) fn without(all: &[String], some: &[String]) -> Vec<String> {
    let mut some: Vec<&String> = some.iter().collect();
    let is_beyond = |one: &&String| match some.iter().position(|other| other == one) {
        Some(at) => {
            some.swap_remove(at);
            false
        }
        None => true,
    };
    all.iter().filter(is_beyond).cloned().collect()
}

/// True when both lists have the same elements, each equally often.
pub(super) fn same_elements(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && without(a, b).is_empty()
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl Layout {
    /// The shards as the API returns them, each with its nodes in the order of their IDs, which
    /// a failover does not change.
    pub(super) fn of_group(group: &ReplicationGroup) -> Self {
        Self::sorted(group.node_groups().iter().map(Shard::of_api).collect())
    }

    /// The shards that a state describes: as AWS returned them, else by its blocks, else by its
    /// counts.
    pub(super) fn of_state(state: &ReplicationGroupModel) -> Self {
        match (state.node_groups.known(), state.node_groups()) {
            (Some(shards), blocks) if !shards.is_empty() => {
                let mut layout = Self::sorted(shards.iter().map(Shard::of_state).collect());
                layout.add_outposts(blocks);
                layout
            }
            (_, []) => Self::of_counts(state),
            (_, blocks) => Self::sorted(blocks.iter().map(Shard::of_block).collect()),
        }
    }

    /// Only the blocks of a state have Outposts.
    fn add_outposts(&mut self, blocks: &[NodeGroupModel]) {
        for wish in blocks.iter().map(|block| Wish::of_block(block, None)) {
            if let Some(shard) = self.shards.iter_mut().find(|shard| wish.id.as_ref() == Some(&shard.id)) {
                shard.outposts = wish.outposts;
            }
        }
    }

    fn of_counts(state: &ReplicationGroupModel) -> Self {
        let replicas = state.replicas_per_node_group.known().copied().unwrap_or_default();
        let shards = state.num_node_groups.known().copied().unwrap_or(1).clamp(1, MOST_SHARDS);
        let shard = |number| Shard { id: format!("{number:04}"), replicas, ..Shard::default() };
        Self { shards: (1..=shards).map(shard).collect() }
    }

    fn sorted(mut shards: Vec<Shard>) -> Self {
        shards.sort_by(|a, b| a.id.cmp(&b.id));
        Self { shards }
    }

    /// The shard with this ID, in four digits.
    pub(super) fn get(&self, id: &str) -> Option<&Shard> {
        self.shards.iter().find(|shard| shard.id == id)
    }

    /// Replicas of the smallest shard: as many get new ones (user guide, "Online resharding").
    pub(super) fn smallest(&self) -> i32 {
        self.shards.iter().map(|shard| shard.replicas).min().unwrap_or_default()
    }

    /// Replicas of the largest shard.
    pub(super) fn largest(&self) -> i32 {
        self.shards.iter().map(|shard| shard.replicas).max().unwrap_or_default()
    }

    /// The layout as the state keeps it.
    pub(super) fn models(&self) -> Vec<ShardModel> {
        let node = |node: &Node| ShardNodeModel {
            cache_cluster_id: node.id.as_str().into(),
            availability_zone: node.zone.clone().into(),
        };
        let shard = |shard: &Shard| ShardModel {
            node_group_id: shard.id.as_str().into(),
            slots: shard.slots.clone().into(),
            nodes: Field::Known(shard.nodes.iter().map(node).collect()),
        };
        self.shards.iter().map(shard).collect()
    }
}

impl Shard {
    fn of_api(shard: &NodeGroup) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let node = |member: &NodeGroupMember| Node {
            id: member.cache_cluster_id().unwrap_or_default().to_owned(),
            zone: text(member.preferred_availability_zone()),
            outpost: text(member.preferred_outpost_arn()),
            is_primary: member.current_role() == Some("primary"),
        };
        let mut nodes: Vec<Node> = shard.node_group_members().iter().map(node).collect();
        nodes.sort_by(|a, b| a.id.cmp(&b.id));
        let mut by_role: Vec<&Node> = nodes.iter().collect();
        by_role.sort_by_key(|node| !node.is_primary);
        Self {
            id: shard_id(shard.node_group_id().unwrap_or_default()),
            replicas: count(nodes.len().saturating_sub(1)),
            zones: by_role.into_iter().filter_map(|node| node.zone.clone()).collect(),
            outposts: nodes.iter().filter_map(|node| node.outpost.clone()).collect(),
            slots: text(shard.slots()).filter(|slots| !slots.is_empty()),
            nodes,
        }
    }

    fn of_state(shard: &ShardModel) -> Self {
        let node = |node: &ShardNodeModel| Node {
            id: node.cache_cluster_id.known().cloned().unwrap_or_default(),
            zone: node.availability_zone.text().map(str::to_owned),
            ..Node::default()
        };
        let nodes: Vec<Node> =
            shard.nodes.known().map(|nodes| nodes.iter().map(node).collect()).unwrap_or_default();
        Self {
            id: shard_id(shard.node_group_id.text().unwrap_or_default()),
            replicas: count(nodes.len().saturating_sub(1)),
            zones: nodes.iter().filter_map(|node| node.zone.clone()).collect(),
            outposts: Vec::new(),
            slots: shard.slots.text().map(str::to_owned),
            nodes,
        }
    }

    fn of_block(block: &NodeGroupModel) -> Self {
        let wish = Wish::of_block(block, None);
        Self {
            id: wish.id.clone().unwrap_or_default(),
            replicas: wish.replicas.unwrap_or_default(),
            zones: wish.zones(),
            outposts: wish.outposts,
            slots: wish.slots,
            nodes: Vec::new(),
        }
    }
}

impl Wish {
    /// What a block asks for; `replicas` where it does not say how many.
    pub(super) fn of_block(block: &NodeGroupModel, replicas: Option<i32>) -> Self {
        let list = |field: &Field<Vec<String>>| field.known().cloned().unwrap_or_default();
        let text = |field: &Field<String>| field.text().map(str::to_owned);
        let outposts = text(&block.primary_outpost_arn).into_iter().chain(list(&block.replica_outpost_arns));
        Self {
            id: block.node_group_id.text().map(shard_id),
            replicas: block.replica_count.known().copied().or(replicas),
            primary_zone: text(&block.primary_availability_zone),
            replica_zones: list(&block.replica_availability_zones),
            slots: text(&block.slots),
            outposts: outposts.collect(),
        }
    }

    /// The requested Availability Zones, the primary's first.
    pub(super) fn zones(&self) -> Vec<String> {
        self.primary_zone.iter().chain(&self.replica_zones).cloned().collect()
    }

    /// The requested Availability Zones in which a node of the shard is missing; none where the
    /// zones of the shard are not known.
    pub(super) fn missing_zones(&self, shard: &Shard) -> Vec<String> {
        if shard.zones.is_empty() { Vec::new() } else { without(&self.zones(), &shard.zones) }
    }

    /// True when the shard is as requested.
    pub(super) fn is_satisfied_by(&self, shard: &Shard) -> bool {
        self.id.as_ref().is_none_or(|id| *id == shard.id)
            && self.replicas.is_none_or(|replicas| replicas == shard.replicas)
            && self.missing_zones(shard).is_empty()
            && (shard.outposts.is_empty() || without(&self.outposts, &shard.outposts).is_empty())
            && self.has_slots_of(shard)
    }

    /// True unless the requested slots are known not to be those of the shard.
    pub(super) fn has_slots_of(&self, shard: &Shard) -> bool {
        match (&self.slots, &shard.slots) {
            (Some(requested), Some(observed)) => same_slot_texts(requested, observed),
            _ => true,
        }
    }
}

/// For each wish the index of the shard that it continues; `None` for a new shard. A wish with
/// an ID continues the shard with that ID and no other. The others continue shards that satisfy
/// them, as many as possible, and then those that are left, in order: which block comes first
/// makes no difference.
pub(super) fn pair(wishes: &[Wish], layout: &Layout) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; wishes.len()];
    let mut taken = BTreeSet::new();
    for (pair, wish) in pairs.iter_mut().zip(wishes) {
        let Some(id) = &wish.id else { continue };
        let has_id = |(at, shard): &(usize, &Shard)| shard.id == *id && !taken.contains(at);
        *pair = layout.shards.iter().enumerate().find(has_id).map(|(at, _)| at);
        taken.extend(*pair);
    }
    let unnamed: Vec<usize> = (0..wishes.len()).filter(|at| wishes[*at].id.is_none()).collect();
    let left: Vec<usize> = (0..layout.shards.len()).filter(|at| !taken.contains(at)).collect();
    let satisfied = |wish: &usize, shard: &usize| wishes[*wish].is_satisfied_by(&layout.shards[*shard]);
    let found = set_matching::pair(&unnamed, &left, &satisfied, &|_, _| true);
    for (wish, shard) in unnamed.into_iter().zip(found) {
        pairs[wish] = shard.copied();
    }
    pairs
}

/// The IDs of the shards after the change: those of the continued ones, those that the wishes
/// name, and for the others the lowest that are free.
pub(super) fn ids(wishes: &[Wish], pairs: &[Option<usize>], layout: &Layout) -> Vec<String> {
    let mut used: BTreeSet<String> = layout.shards.iter().map(|shard| shard.id.clone()).collect();
    used.extend(wishes.iter().filter_map(|wish| wish.id.clone()));
    let mut next = 1..;
    let mut free = || {
        let id = next.by_ref().map(|number: u32| format!("{number:04}")).find(|id| !used.contains(id));
        id.unwrap_or_default()
    };
    let id = |(wish, pair): (&Wish, &Option<usize>)| match (pair, &wish.id) {
        (Some(at), _) => layout.shards[*at].id.clone(),
        (None, Some(id)) => id.clone(),
        (None, None) => free(),
    };
    wishes.iter().zip(pairs).map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn shard(id: &str, zones: &[&str]) -> Shard {
        Shard { id: id.to_owned(), replicas: count(zones.len()) - 1, zones: texts(zones), ..Shard::default() }
    }

    #[test]
    fn zones_are_compared_by_number() {
        let (aab, abb) = (texts(&["a", "a", "b"]), texts(&["b", "a", "b"]));
        assert!(same_elements(&aab, &texts(&["b", "a", "a"])) && !same_elements(&aab, &abb));
        assert_eq!(without(&aab, &abb), ["a"]);
    }

    #[test]
    fn wishes_without_id_continue_the_shards_that_satisfy_them() {
        let layout = Layout { shards: vec![shard("0001", &["a", "b"]), shard("0002", &["c", "d"])] };
        let of = |zone: Option<&str>| Wish { primary_zone: zone.map(str::to_owned), ..Wish::default() };
        // The first is satisfied by either, the second by 0001 alone.
        assert_eq!(pair(&[of(None), of(Some("a"))], &layout), [Some(1), Some(0)]);
        assert_eq!(pair(&[of(Some("c")), of(Some("x"))], &layout), [Some(1), Some(0)]);
        assert_eq!(pair(&[of(None), of(None), of(None)], &layout), [Some(0), Some(1), None]);
    }

    /// All nodes of an Outpost are in one Availability Zone.
    #[test]
    fn wishes_without_id_continue_the_shards_on_their_outposts() {
        let blocks = ["b", "a"].map(|outpost| NodeGroupModel {
            node_group_id: if outpost == "a" { "0002" } else { "0001" }.into(),
            primary_outpost_arn: outpost.into(),
            ..NodeGroupModel::default()
        });
        let mut layout = Layout { shards: vec![shard("0001", &["z"]), shard("0002", &["z"])] };
        layout.add_outposts(&blocks);
        let of = |outposts: &[&str]| Wish { outposts: texts(outposts), ..Wish::default() };
        assert_eq!(pair(&[of(&["a"]), of(&["b"])], &layout), [Some(1), Some(0)]);
        assert_eq!(pair(&[of(&[]), of(&["b"])], &layout), [Some(1), Some(0)]);
        assert_eq!(pair(&[of(&["c"]), of(&["a"])], &layout), [Some(0), Some(1)]);
    }

    #[test]
    fn a_wish_with_an_id_continues_no_other_shard() {
        let layout = Layout { shards: vec![shard("0001", &["a"]), shard("0002", &["b"])] };
        let named = |id: &str| Wish { id: Some(id.to_owned()), ..Wish::default() };
        let wishes = [Wish::default(), named("0001"), named("0005")];
        let pairs = pair(&wishes, &layout);
        assert_eq!(pairs, [Some(1), Some(0), None]);
        assert_eq!(ids(&wishes, &pairs, &layout), ["0002", "0001", "0005"]);
        let wishes = [named("0003"), named("0001"), named("0002"), Wish::default()];
        let pairs = pair(&wishes, &layout);
        assert_eq!(ids(&wishes, &pairs, &layout), ["0003", "0001", "0002", "0004"]);
    }
}
