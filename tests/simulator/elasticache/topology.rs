//! Members and shards: where they stand, which slots they have, how they come and go.

use std::collections::BTreeSet;

use super::group::{Member, NodeGroup, Status};
use super::protocol::Millis;

/// Slots of a whole group.
pub(super) const SLOTS: u16 = 16_384;

/// Wishes for one new shard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ShardPlan {
    pub(super) id: String,
    pub(super) replicas: usize,
    /// Zones of primary and replicas, in that order; empty for AWS's choice.
    pub(super) zones: Vec<String>,
    pub(super) slots: Vec<(u16, u16)>,
}

/// The zones that members get in turn. A belief: evenly over the zones of the subnet group,
/// beginning one further with each shard.
pub(super) fn zones(available: &[String], shard: usize, members: usize) -> Vec<String> {
    (0..members).filter_map(|at| available.get((shard + at) % available.len().max(1)).cloned()).collect()
}

/// A shard with new members.
pub(super) fn build(
    plan: ShardPlan,
    zones: Vec<String>,
    created: Millis,
    name: impl Fn(&str, usize) -> String,
) -> NodeGroup {
    let zones = if plan.zones.is_empty() { zones } else { plan.zones };
    let members = (0..=plan.replicas)
        .map(|at| Member {
            id: name(&plan.id, at + 1),
            status: Status::Creating,
            created,
            zone: zones.get(at).or_else(|| zones.first()).cloned().unwrap_or_default(),
            primary: at == 0,
            joining: false,
            pending_reboot: false,
        })
        .collect();
    NodeGroup { id: plan.id, status: Status::Creating, slots: plan.slots, members }
}

/// The lowest number that no member has. A belief: AWS fills gaps.
pub(super) fn free_number(taken: impl Fn(usize) -> bool) -> usize {
    (1..).find(|number| !taken(*number)).unwrap_or(1)
}

/// Slots for so many shards, as evenly as can be.
pub(super) fn even_slots(shards: usize) -> Vec<Vec<(u16, u16)>> {
    let shards = u16::try_from(shards.max(1)).unwrap_or(SLOTS);
    let (each, more) = (SLOTS / shards, SLOTS % shards);
    let mut next = 0;
    (0..shards)
        .map(|at| {
            let size = each + u16::from(at < more);
            let range = (next, next + size - 1);
            next += size;
            vec![range]
        })
        .collect()
}

/// Moves slots so that the shards to stay have all of them, evenly, moving no more than needed.
pub(super) fn rebalance(node_groups: &mut [NodeGroup], leaving: &BTreeSet<String>) {
    let mut spare: BTreeSet<u16> = (0..SLOTS).collect();
    let mut owned: Vec<BTreeSet<u16>> = Vec::new();
    let staying = node_groups.iter().filter(|shard| !leaving.contains(&shard.id)).count();
    let goals = even_slots(staying);
    let mut goals = goals.iter().flatten().map(|(from, to)| usize::from(to - from) + 1);
    let mut sizes = Vec::new();
    for shard in node_groups.iter() {
        let size = if leaving.contains(&shard.id) { 0 } else { goals.next().unwrap_or_default() };
        let retained: BTreeSet<u16> =
            shard.slots.iter().flat_map(|(from, to)| *from..=*to).take(size).collect();
        spare.retain(|slot| !retained.contains(slot));
        owned.push(retained);
        sizes.push(size);
    }
    for ((shard, mut slots), size) in node_groups.iter_mut().zip(owned).zip(sizes) {
        while slots.len() < size {
            let Some(slot) = spare.pop_first() else { break };
            slots.insert(slot);
        }
        shard.slots = ranges(&slots);
    }
}

fn ranges(slots: &BTreeSet<u16>) -> Vec<(u16, u16)> {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for slot in slots {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == *slot => *end = *slot,
            _ => ranges.push((*slot, *slot)),
        }
    }
    ranges
}

/// Slots as AWS writes them: `0-3999,8000-16383`.
pub(super) fn write_slots(slots: &[(u16, u16)]) -> String {
    slots
        .iter()
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from}-{to}") })
        .collect::<Vec<_>>()
        .join(",")
}

/// Reads slots.
pub(super) fn read_slots(text: &str) -> Option<Vec<(u16, u16)>> {
    text.split(',')
        .map(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let (from, to): (u16, u16) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
            (from <= to && to < SLOTS).then_some((from, to))
        })
        .collect()
}

/// Whether slots of several shards are all slots, each once.
pub(super) fn covers_all<'a>(shards: impl Iterator<Item = &'a Vec<(u16, u16)>>) -> bool {
    let mut all: Vec<u16> = shards.flatten().flat_map(|(from, to)| *from..=*to).collect();
    all.sort_unstable();
    all.len() == usize::from(SLOTS) && all.iter().copied().eq(0..SLOTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shards(slots: Vec<Vec<(u16, u16)>>) -> Vec<NodeGroup> {
        slots
            .into_iter()
            .enumerate()
            .map(|(at, slots)| {
                let id = format!("{:04}", at + 1);
                NodeGroup { id, status: Status::Available, slots, members: Vec::new() }
            })
            .collect()
    }

    #[test]
    fn slots_are_even_and_complete() {
        assert_eq!(even_slots(3), [[(0, 5461)], [(5462, 10922)], [(10923, 16383)]]);
        for count in [1, 2, 7, 90, 500] {
            assert!(covers_all(even_slots(count).iter()), "{count}");
        }
    }

    #[test]
    fn slots_stay_whole_when_shards_come_and_go() {
        let mut all = shards(even_slots(2));
        all.extend(shards(vec![Vec::new(); 3]).split_off(2));
        rebalance(&mut all, &BTreeSet::new());
        assert!(covers_all(all.iter().map(|shard| &shard.slots)));
        rebalance(&mut all, &BTreeSet::from(["0001".to_owned()]));
        assert!(all[0].slots.is_empty());
        assert!(covers_all(all.iter().map(|shard| &shard.slots)));
        assert_eq!(all[1].slots.iter().map(|(from, to)| to - from + 1).sum::<u16>(), 8192);
    }

    #[test]
    fn slots_are_read_as_written() {
        let text = "0-324,5462,6784-6826";
        assert_eq!(write_slots(&read_slots(text).unwrap()), text);
        for bad in ["", "5-1", "0-16384", "a"] {
            assert!(read_slots(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn members_are_spread_over_zones() {
        let all: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(zones(&all, 1, 4), ["b", "c", "a", "b"]);
        assert!(zones(&[], 0, 2).is_empty());
    }
}
