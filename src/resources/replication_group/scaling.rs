//! From the shards that exist to those that are desired: which calls, in which order.
//!
//! Nothing here calls AWS. Each step is a value with everything the call needs, except the
//! names of the nodes to remove, which are resolved when the step runs ([`nodes_to_remove`]):
//! a failover may have changed which node is the primary.

use std::fmt;

use super::layout::{self, Layout, Node, Shard, Wish, without};
use super::update::steps::Step;

/// Most replicas of a shard (API reference, `ConfigureShard.NewReplicaCount`). A quota increase
/// may allow more, so this only decides whether a move adds the node first or removes one first.
const MOST_REPLICAS: i32 = 5;

/// A change of the number of shards.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shards {
    /// This number; AWS chooses IDs and Availability Zones, and those with the highest IDs go.
    Count(i32),
    /// All shards of the result: existing ones as they are, then new ones.
    Add(Vec<Placement>),
    /// These go, and so many are left.
    Remove { ids: Vec<String>, left: i32 },
}

/// Where the nodes of a shard are, or shall be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placement {
    pub(super) id: String,
    /// One Availability Zone for each node, the primary's first; empty to leave them to AWS.
    pub(super) zones: Vec<String>,
    pub(super) is_new: bool,
}

/// A change of the number of replicas.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Replicas {
    /// So many in each shard.
    InEach(i32),
    /// In these shards.
    Of(Vec<ShardGoal>),
}

/// The replicas of one shard after a step.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ShardGoal {
    pub(super) id: String,
    pub(super) replicas: i32,
    /// To add nodes: the Availability Zone of each node afterwards, the primary's first, or
    /// empty to leave the new ones to AWS. To remove nodes: the zones in which one must stay,
    /// or empty to leave the choice of nodes to AWS.
    pub(super) zones: Vec<String>,
    /// Outposts in place of Availability Zones.
    pub(super) outposts: Vec<String>,
}

/// What the configuration asks of the shards.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Desired {
    /// Counts that hold for every shard; `None` leaves a number as it is.
    Counts { shards: Option<i32>, replicas: Option<i32> },
    /// One wish for each shard.
    Shards(Vec<Wish>),
}

/// The steps to a layout. What is added comes before all other changes of the group, and what
/// is removed after them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Scaling {
    pub(super) first: Vec<Step>,
    pub(super) last: Vec<Step>,
}

impl Shards {
    /// The number of shards after the change.
    pub(super) fn count(&self) -> i32 {
        match self {
            Shards::Count(count) => *count,
            Shards::Add(all) => i32::try_from(all.len()).unwrap_or(i32::MAX),
            Shards::Remove { left, .. } => *left,
        }
    }
}

/// What the change does, to complete "Failed to".
impl fmt::Display for Shards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shards::Count(count) => write!(f, "change the number of shards to {count}"),
            Shards::Add(all) => {
                let new = all.iter().filter(|placement| placement.is_new);
                write!(
                    f,
                    "add shard {}",
                    new.map(|placement| placement.id.as_str()).collect::<Vec<_>>().join(", ")
                )
            }
            Shards::Remove { ids, .. } => write!(f, "remove shard {}", ids.join(", ")),
        }
    }
}

/// To which number, to complete "raise the number of replicas".
impl fmt::Display for Replicas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Replicas::InEach(replicas) => write!(f, "to {replicas}"),
            Replicas::Of(goals) => {
                let each = goals.iter().map(|goal| format!("to {} in shard {}", goal.replicas, goal.id));
                f.write_str(&each.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// The steps from the observed shards to the desired ones; none where they are as desired.
pub(super) fn scaling(observed: &Layout, desired: &Desired) -> Scaling {
    match desired {
        Desired::Counts { shards, replicas } => by_counts(observed, *shards, *replicas),
        Desired::Shards(wishes) => by_wishes(observed, wishes),
    }
}

fn by_counts(observed: &Layout, shards: Option<i32>, replicas: Option<i32>) -> Scaling {
    let mut scaling = Scaling::default();
    let before = i32::try_from(observed.shards.len()).unwrap_or(i32::MAX);
    let after = shards.unwrap_or(before);
    let resharding = || Step::Shards(Shards::Count(after));
    if after > before {
        scaling.first.push(resharding());
    }
    let staying = observed.shards.iter().map(|shard| shard.replicas);
    let staying = staying.take(usize::try_from(after).unwrap_or_default());
    let each: Vec<i32> = staying.chain((after > before).then(|| observed.smallest())).collect();
    if after < before {
        scaling.last.push(resharding());
    }
    if let Some(goal) = replicas {
        if each.iter().any(|count| *count < goal) {
            scaling.first.push(Step::IncreaseReplicas(Replicas::InEach(goal)));
        }
        if each.iter().any(|count| *count > goal) {
            scaling.last.push(Step::DecreaseReplicas(Replicas::InEach(goal)));
        }
    }
    scaling
}

fn by_wishes(observed: &Layout, wishes: &[Wish]) -> Scaling {
    let pairs = layout::pair(wishes, observed);
    let ids = layout::ids(wishes, &pairs, observed);
    let is_left = |at: &usize| !pairs.contains(&Some(*at));
    let removed: Vec<String> = (0..observed.shards.len())
        .filter(is_left)
        .filter_map(|at| observed.shards.get(at).map(|shard| shard.id.clone()))
        .collect();

    let mut nodes = Nodes::default();
    let mut placements: Vec<Placement> = observed.shards.iter().map(Placement::existing).collect();
    for ((wish, pair), id) in wishes.iter().zip(&pairs).zip(ids) {
        match pair.and_then(|at| observed.shards.get(at)) {
            Some(shard) => nodes.change(shard, wish),
            None => {
                let shard = new_shard(id, wish, observed);
                nodes.change(&shard, wish);
                placements.push(Placement { id: shard.id, zones: shard.zones, is_new: true });
            }
        }
    }
    let mut scaling = Scaling::default();
    if placements.iter().any(|placement| placement.is_new) {
        scaling.first.push(Step::Shards(Shards::Add(placements)));
    }
    let replicas = |goals: Vec<ShardGoal>| (!goals.is_empty()).then_some(Replicas::Of(goals));
    scaling.first.extend(replicas(nodes.make_room).map(Step::DecreaseReplicas));
    scaling.first.extend(replicas(nodes.added).map(Step::IncreaseReplicas));
    if !removed.is_empty() {
        let left = i32::try_from(wishes.len()).unwrap_or(i32::MAX);
        scaling.last.push(Step::Shards(Shards::Remove { ids: removed, left }));
    }
    // AWS accepts either the names of all nodes to remove or none, so these are two calls.
    let (anywhere, named): (Vec<_>, Vec<_>) =
        nodes.removed.into_iter().partition(|goal| goal.zones.is_empty());
    for goals in [anywhere, named] {
        scaling.last.extend(replicas(goals).map(Step::DecreaseReplicas));
    }
    scaling
}

impl Placement {
    fn existing(shard: &Shard) -> Self {
        let is_whole = i32::try_from(shard.zones.len()) == Ok(shard.replicas.saturating_add(1));
        let zones = if is_whole { shard.zones.clone() } else { Vec::new() };
        Self { id: shard.id.clone(), zones, is_new: false }
    }
}

/// A new shard as AWS creates it: with as many nodes as the smallest existing one has (user
/// guide, "Online resharding"), in the requested Availability Zones as far as they suffice.
fn new_shard(id: String, wish: &Wish, observed: &Layout) -> Shard {
    let replicas = observed.smallest();
    let mut zones = wish.zones();
    zones.truncate(usize::try_from(replicas.saturating_add(1)).unwrap_or_default());
    if !zones.is_empty() {
        let others = observed.shards.iter().flat_map(|shard| &shard.zones);
        pad(&mut zones, replicas, others);
    }
    Shard { id, replicas, zones, ..Shard::default() }
}

/// Completes a list of Availability Zones to one for each node: the API accepts all or none. The least used one
/// of those that are known is added next.
fn pad<'a>(zones: &mut Vec<String>, replicas: i32, known: impl Iterator<Item = &'a String>) {
    let mut known: Vec<String> = known.cloned().collect();
    known.splice(0..0, zones.iter().cloned());
    while i32::try_from(zones.len()).is_ok_and(|count| count <= replicas) {
        let used = |zone: &&String| zones.iter().filter(|other| other == zone).count();
        let Some(zone) = known.iter().min_by_key(used).cloned() else { return };
        zones.push(zone);
    }
}

/// Changes of the nodes of shards.
#[derive(Debug, Default)]
struct Nodes {
    /// Removed before others are added, where a shard cannot have more.
    make_room: Vec<ShardGoal>,
    added: Vec<ShardGoal>,
    removed: Vec<ShardGoal>,
}

impl Nodes {
    /// What leads from a shard to the requested one. A node is moved by adding one in the
    /// requested Availability Zone and removing one from another.
    fn change(&mut self, shard: &Shard, wish: &Wish) {
        let before = shard.replicas;
        let after = wish.replicas.unwrap_or(before);
        let missing = wish.missing_zones(shard);
        let more = after.saturating_sub(before).max(i32::try_from(missing.len()).unwrap_or(i32::MAX)).max(0);
        let most = before.saturating_add(more);
        let fewer = most.saturating_sub(after);
        let goal =
            |replicas, zones| ShardGoal { id: shard.id.clone(), replicas, zones, ..ShardGoal::default() };
        let stays = wish.zones();
        if more == 0 {
            if fewer > 0 {
                self.removed.push(goal(after, stays));
            }
            return;
        }
        let make_room = fewer > 0 && most > MOST_REPLICAS.max(before).max(after);
        let mut zones = shard.zones.clone();
        if make_room {
            let (left, retained) = (before.saturating_sub(fewer), without(&stays, &missing));
            zones = zones_left(shard, left, &retained);
            self.make_room.push(goal(left, retained));
        }
        let replicas = if make_room { after } else { most };
        let zones = if missing.is_empty() {
            Vec::new()
        } else {
            zones.extend(missing);
            pad(&mut zones, replicas, std::iter::empty());
            zones
        };
        self.added.push(ShardGoal { outposts: wish.outposts.clone(), ..goal(replicas, zones) });
        if fewer > 0 && !make_room {
            self.removed.push(goal(after, stays));
        }
    }
}

/// The Availability Zones of a shard after [`nodes_to_remove`].
fn zones_left(shard: &Shard, replicas: i32, zones: &[String]) -> Vec<String> {
    let removed = nodes_to_remove(shard, replicas, zones).unwrap_or_default();
    let stays = |node: &&Node| !removed.contains(&node.id);
    shard.nodes.iter().filter(stays).filter_map(|node| node.zone.clone()).collect()
}

/// The nodes whose removal leaves `replicas` in the shard and a node in each of `zones`: those
/// with the highest IDs, and never the primary where the API names it. `None` where only the
/// removal of the primary would do.
pub(super) fn nodes_to_remove(shard: &Shard, replicas: i32, zones: &[String]) -> Option<Vec<String>> {
    let count = usize::try_from(shard.replicas.saturating_sub(replicas)).unwrap_or_default();
    let mut left: Vec<String> = shard.nodes.iter().filter_map(|node| node.zone.clone()).collect();
    let mut removed = Vec::new();
    for node in shard.nodes.iter().rev().filter(|node| !node.is_primary) {
        if removed.len() == count {
            break;
        }
        let zone: Vec<String> = node.zone.iter().cloned().collect();
        let rest = without(&left, &zone);
        if without(zones, &rest).is_empty() {
            left = rest;
            removed.push(node.id.clone());
        }
    }
    (removed.len() == count).then_some(removed)
}
