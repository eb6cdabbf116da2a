//! Plans the names of nodes that are added with replicas or shards.
//!
//! ElastiCache numbers the nodes of a replication group: `ID-001` and so on, or `ID-0001-001` with several
//! shards (user guide, "Shards"; CLI reference of increase-replica-count, whose example continues with the next
//! number). So the names of further nodes are known at plan if the existing ones are numbered without a gap.
//! Which nodes are removed, ElastiCache decides.

use std::collections::BTreeMap;

use super::attributes::{Plan, ReplicationGroupModel};
use crate::value::Field;

/// Plans `member_clusters` of a group that grows.
pub(super) fn plan(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let certain = cx.planned.node_groups().is_empty() && !prior.is_creating();
    if !cx.is_unknown("member_clusters") || !certain {
        return;
    }
    let (Some(shards), Some(replicas)) =
        (cx.planned.num_node_groups.known(), cx.planned.replicas_per_node_group.known())
    else {
        return;
    };
    let sizes = (usize::try_from(*shards), usize::try_from(*replicas));
    let (Ok(shards), Ok(replicas)) = sizes else { return };
    let before = prior.member_clusters.known().map(Vec::as_slice).unwrap_or_default();
    if let Some(members) = grown(&prior.group_id(), before, shards, replicas.saturating_add(1)) {
        cx.set("member_clusters", Field::Known(members));
    }
}

/// The nodes of a group that has those of `before` and is to have so many `shards` of so many
/// `nodes`; `None` where their names are not certain.
fn grown(id: &str, before: &[String], shards: usize, nodes: usize) -> Option<Vec<String>> {
    let numbers: Option<Vec<(Option<usize>, usize)>> = before.iter().map(|name| numbers(id, name)).collect();
    let mut sizes: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    let mut highest: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    for (shard, node) in numbers? {
        *sizes.entry(shard).or_default() += 1;
        let top = highest.entry(shard).or_default();
        *top = (*top).max(node);
    }
    let has_shards = match sizes.keys().next()? {
        None if sizes.len() == 1 && shards == 1 => false,
        Some(1) if sizes.keys().flatten().copied().eq(1..=sizes.len()) && shards >= sizes.len() => true,
        _ => return None,
    };
    let same_size = sizes.values().all(|size| *size == sizes.values().copied().min().unwrap_or_default());
    if !same_size || sizes != highest || sizes.values().any(|size| *size > nodes) {
        return None;
    }
    let name = |shard: usize, node: usize| match has_shards {
        true => format!("{id}-{shard:04}-{node:03}"),
        false => format!("{id}-{node:03}"),
    };
    Some((1..=shards).flat_map(|shard| (1..=nodes).map(move |node| name(shard, node))).collect())
}

/// Shard and node in the name of a node of the group.
fn numbers(id: &str, name: &str) -> Option<(Option<usize>, usize)> {
    let number = |text: &str, digits: usize| {
        let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    let rest = name.strip_prefix(id)?.strip_prefix('-')?;
    match rest.split_once('-') {
        Some((shard, node)) => Some((Some(number(shard, 4)?), number(node, 3)?)),
        None => Some((None, number(rest, 3)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &str) -> Vec<String> {
        names.split_whitespace().map(str::to_owned).collect()
    }

    fn from(before: &str, shards: usize, nodes: usize) -> Option<Vec<String>> {
        grown("a-b", &names(before), shards, nodes)
    }

    #[test]
    fn further_replicas_get_the_next_numbers() {
        assert_eq!(from("a-b-001 a-b-002", 1, 3), Some(names("a-b-001 a-b-002 a-b-003")));
        assert_eq!(
            from("a-b-0001-001 a-b-0002-001", 2, 2),
            Some(names("a-b-0001-001 a-b-0001-002 a-b-0002-001 a-b-0002-002"))
        );
    }

    #[test]
    fn further_shards_get_the_next_numbers() {
        assert_eq!(from("a-b-0001-001", 2, 1), Some(names("a-b-0001-001 a-b-0002-001")));
    }

    #[test]
    fn names_are_not_guessed() {
        // A gap, another name, shards of different size, fewer nodes or shards, and cluster mode
        // that is still to come.
        for (before, shards, nodes) in [
            ("a-b-001 a-b-003", 1, 3),
            ("a-b-001 older", 1, 3),
            ("a-b-1", 1, 2),
            ("", 1, 2),
            ("a-b-0001-001 a-b-0001-002 a-b-0002-001", 2, 3),
            ("a-b-0001-001 a-b-0003-001", 3, 1),
            ("a-b-001 a-b-002", 1, 1),
            ("a-b-0001-001 a-b-0002-001", 1, 1),
            ("a-b-001", 2, 1),
        ] {
            assert_eq!(from(before, shards, nodes), None, "{before} to {shards} shards of {nodes}");
        }
    }
}
