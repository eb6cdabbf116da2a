//! Counts that agree and counts that contradict each other.

use super::{ReplicationGroup, configured};
use crate::engine::AnyResource;
use crate::testing::aws::{FakeAws, config, problems};
use crate::value::Value;

/// Counts of a configuration: nodes, shards, replicas of each.
type Counts = (Option<i64>, Option<i64>, Option<i64>);

fn shard(entries: &[(&str, Value)]) -> Value {
    let blocks = &ReplicationGroup.schema().block.blocks;
    let block = blocks.iter().find(|block| block.name == "node_group_configuration").unwrap();
    block.block.conform(Value::map(entries.iter().cloned()))
}

fn of(replicas: i64) -> Value {
    shard(&[("replica_count", Value::from(replicas))])
}

/// A shard with an ID and so many replicas.
fn named(id: &str, replicas: i64) -> Value {
    shard(&[("node_group_id", id.into()), ("replica_count", Value::from(replicas))])
}

fn refusals((nodes, shards, replicas): Counts, blocks: Vec<Value>) -> Vec<String> {
    let count = |count: Option<i64>| count.map_or(Value::Null, Value::from);
    let config = config(
        &ReplicationGroup,
        [
            ("replication_group_id", "cache".into()),
            ("description", "A cache".into()),
            ("node_type", "cache.t4g.small".into()),
            ("num_cache_clusters", count(nodes)),
            ("num_node_groups", count(shards)),
            ("replicas_per_node_group", count(replicas)),
            ("node_group_configuration", Value::set(blocks)),
        ],
    );
    problems(&AnyResource::validate(&ReplicationGroup, &config))
}

/// As a generated configuration has them: all that a state has (F1, D3).
#[test]
fn counts_that_agree_are_accepted() {
    let no = || Vec::new();
    for (counts, blocks) in [
        ((Some(2), Some(1), Some(1)), no()),
        ((Some(1), Some(1), Some(0)), no()),
        ((Some(6), Some(2), Some(2)), no()),
        ((Some(6), Some(2), None), no()),
        ((Some(6), None, Some(2)), no()),
        ((Some(2), None, None), vec![of(1)]),
        ((Some(2), Some(1), Some(1)), vec![named("0001", 1)]),
        (
            (Some(4), None, None),
            vec![shard(&[("slots", "0-1".into())]), shard(&[("slots", "2-16383".into())])],
        ),
        ((Some(6), None, None), vec![named("1", 1), shard(&[("node_group_id", "2".into())])]),
        ((Some(5), Some(2), Some(2)), vec![named("1", 1), named("2", 2)]),
        ((Some(5), Some(2), Some(1)), vec![named("1", 1), named("2", 2)]),
        ((None, Some(2), Some(1)), vec![named("1", 3), shard(&[("node_group_id", "2".into())])]),
    ] {
        assert_eq!(refusals(counts, blocks.clone()), [""; 0], "{counts:?} {blocks:?}");
    }
}

#[test]
fn unknown_counts_are_not_refused() {
    for name in ["num_cache_clusters", "num_node_groups", "replicas_per_node_group"] {
        let config = config(
            &ReplicationGroup,
            [
                ("replication_group_id", "cache".into()),
                ("description", "A cache".into()),
                ("node_type", "cache.t4g.small".into()),
                ("num_cache_clusters", Value::from(5)),
                ("num_node_groups", Value::from(2)),
                ("replicas_per_node_group", Value::from(1)),
                ("node_group_configuration", Value::set([])),
            ],
        );
        let Value::Map(mut entries) = config else { panic!("no configuration") };
        entries.insert(name.to_owned(), Value::Unknown);
        assert_eq!(
            problems(&AnyResource::validate(&ReplicationGroup, &Value::Map(entries))),
            [""; 0],
            "{name}"
        );
    }
}

/// D2: six nodes, then two, then a replacement, were made of it.
#[test]
fn num_cache_clusters_contradicts_a_block() {
    assert_eq!(
        refusals((Some(2), None, None), vec![of(5)]),
        ["num_cache_clusters: Invalid num_cache_clusters: `num_cache_clusters` is 2, but the \
             `node_group_configuration` blocks have 5 replicas, which makes 6 nodes (the primary of a shard \
             counts). Set `num_cache_clusters = 6`, or remove it."]
    );
}

/// Replicas that blocks leave open are an equal share of the nodes.
#[test]
fn num_cache_clusters_without_equal_share_is_refused() {
    let open = |id: &str| shard(&[("node_group_id", id.into())]);
    for (nodes, blocks) in [
        (5, vec![open("1"), open("2")]),
        (1, vec![open("1"), open("2")]),
        (4, vec![named("1", 3), open("2")]),
    ] {
        assert_eq!(
            refusals((Some(nodes), None, None), blocks),
            [format!(
                "num_cache_clusters: Invalid num_cache_clusters: `num_cache_clusters` is {nodes}, which leaves no equal number of \
                 replicas for the `node_group_configuration` blocks without `replica_count` (the primary of each shard counts). \
                 Set `replica_count` in each block, or change `num_cache_clusters`."
            )]
        );
    }
}

#[test]
fn each_pair_of_counts_that_contradicts_is_refused() {
    let no = || Vec::new();
    for (counts, blocks, name, said) in [
        (
            (Some(5), Some(2), Some(2)),
            no(),
            "num_cache_clusters",
            "`num_node_groups = 2` and `replicas_per_node_group = 2` make 6 nodes",
        ),
        ((Some(5), Some(2), None), no(), "num_cache_clusters", "`num_node_groups` is 2"),
        ((Some(5), None, Some(1)), no(), "num_cache_clusters", "makes 2 nodes for each shard"),
        ((None, Some(2), None), vec![named("1", 1)], "num_node_groups", "the configuration has 1"),
        ((Some(5), None, None), vec![named("1", 1), named("2", 1)], "num_cache_clusters", "makes 4 nodes"),
        (
            (None, None, Some(5)),
            vec![named("1", 1), named("2", 1)],
            "replicas_per_node_group",
            "every `node_group_configuration` block has a `replica_count` of its own: 1, 1",
        ),
    ] {
        let refused = refusals(counts, blocks);
        assert_eq!(refused.len(), 1, "{counts:?}: {refused:?}");
        assert!(refused[0].starts_with(name) && refused[0].contains(said), "{}", refused[0]);
    }
}

/// D1: the ID in four digits is the same ID.
#[test]
fn two_blocks_of_one_shard_are_refused() {
    assert_eq!(
        refusals((None, None, None), vec![named("1", 1), named("0001", 2)]),
        ["node_group_configuration: Invalid node_group_configuration: Two `node_group_configuration` \
             blocks have the `node_group_id` \"0001\". Set a different one in each."]
    );
}

#[test]
fn each_replica_needs_one_availability_zone() {
    let zones = Value::List(vec!["a".into(), "b".into()]);
    let block = |count: Option<i64>| {
        shard(&[
            ("node_group_id", "7".into()),
            ("primary_availability_zone", "a".into()),
            ("replica_availability_zones", zones.clone()),
            ("replica_count", count.map_or(Value::Null, Value::from)),
        ])
    };
    let said = "node_group_configuration: Invalid node_group_configuration: The `node_group_configuration` \
                block \"7\" has 1 replicas, but `replica_availability_zones` has 2 entries. Set one for each \
                replica, or omit it.";
    assert_eq!(refusals((None, None, None), vec![block(Some(1))]), [said]);
    assert_eq!(refusals((None, None, Some(1)), vec![block(None)]), [said]);
    assert_eq!(refusals((None, None, Some(2)), vec![block(None)]), [""; 0]);
    assert_eq!(refusals((None, None, None), vec![block(None)]), [""; 0]);
}

/// The state of a group of so many equal shards.
fn group(shards: i64, replicas: i64) -> Value {
    let node = |_| {
        Value::map([("cache_cluster_id", "cache-001".into()), ("availability_zone", "us-east-1a".into())])
    };
    let shard = |at: i64| {
        Value::map([
            ("node_group_id", Value::from(&*format!("{at:04}"))),
            ("slots", Value::Null),
            ("nodes", Value::List((0..=replicas).map(node).collect())),
        ])
    };
    configured([
        ("id", "cache".into()),
        ("engine_version_actual", "7.1.0".into()),
        ("cluster_enabled", true.into()),
        ("cluster_mode", "enabled".into()),
        ("num_node_groups", shards.into()),
        ("replicas_per_node_group", replicas.into()),
        ("num_cache_clusters", (shards * (replicas + 1)).into()),
        ("node_groups", Value::List((1..=shards).map(shard).collect())),
    ])
}

/// Each configured count is what the plan has, or the plan is an error: a count never stays as it was in silence.
#[test]
fn every_configured_count_is_planned_or_refused() {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    let some = |counts: std::ops::Range<i64>| std::iter::once(None).chain(counts.map(Some));
    let (mut planned, mut refused) = (0, 0);
    for (before, more) in [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 1)] {
        let prior = group(before, more);
        for (nodes, shards, replicas) in some(1..7)
            .flat_map(|nodes| some(1..4).map(move |shards| (nodes, shards)))
            .flat_map(|(nodes, shards)| some(0..4).map(move |replicas| (nodes, shards, replicas)))
        {
            let count = |count: Option<i64>| count.map_or(Value::Null, Value::from);
            let counts = [
                ("num_cache_clusters", count(nodes)),
                ("num_node_groups", count(shards)),
                ("replicas_per_node_group", count(replicas)),
            ];
            let [nodes, shards, replicas] = counts.clone();
            let config = configured([("cluster_mode", "enabled".into()), nodes, shards, replicas]);
            let mut diags = AnyResource::validate(&ReplicationGroup, &config);
            let plan = aws.plan(&ReplicationGroup, &prior, &config);
            diags.extend(plan.diags);
            if diags.has_errors() {
                let summaries: Vec<&str> = diags.iter().map(|diagnostic| &*diagnostic.summary).collect();
                assert!(summaries.contains(&"Invalid num_cache_clusters"), "{counts:?}: {summaries:?}");
                refused += 1;
                continue;
            }
            for (name, count) in counts.iter().filter(|(_, count)| !count.is_null()) {
                assert_eq!(plan.planned.get(name), count, "{name} of {counts:?} after {before} × {more}");
            }
            let planned_count = |name: &str| match plan.planned.get(name) {
                Value::Number(count) => count.as_i64().unwrap(),
                other => panic!("{name} of {counts:?} is planned as {other:?}"),
            };
            let made = planned_count("num_node_groups") * (planned_count("replicas_per_node_group") + 1);
            assert_eq!(planned_count("num_cache_clusters"), made, "{counts:?} after {before} × {more}");
            planned += 1;
        }
    }
    assert!(planned > 100 && refused > 100, "{planned} planned, {refused} refused");
}
