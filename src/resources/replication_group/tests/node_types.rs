//! Node types and versions against what they cannot carry.

use super::{FakeGroup, ReplicationGroup, configured, none};
use crate::engine::AnyResource;
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

/// What is said of a group on this node type, with the attributes that are refused.
fn refused<const N: usize>(node_type: &str, changes: [(&str, Value); N]) -> Vec<String> {
    let mut config = configured([
        ("node_type", node_type.into()),
        ("num_cache_clusters", Value::from(1)),
        ("automatic_failover_enabled", Value::Null),
        ("transit_encryption_enabled", Value::Null),
    ]);
    if let Value::Map(entries) = &mut config {
        entries.extend(changes.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    problems(&AnyResource::validate(&ReplicationGroup, &config))
}

/// The attributes alone.
fn paths<const N: usize>(node_type: &str, changes: [(&str, Value); N]) -> Vec<String> {
    let of = |problem: String| problem.split(':').next().unwrap_or_default().to_owned();
    refused(node_type, changes).into_iter().map(of).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn unknown_values_are_not_refused() {
    for node_type in ["cache.t4g.small", "cache.x9gd.metal", "cache.r8g.large", "cache.t1.micro"] {
        assert_eq!(refused(node_type, []), NONE, "{node_type}");
    }
    let open = [("data_tiering_enabled", Value::Unknown), ("engine_version", Value::Unknown)];
    assert_eq!(refused("cache.r6gd.xlarge", open), NONE);
}

#[test]
fn data_tiering_needs_r6gd_nodes() {
    let tiering = |on: bool| [("data_tiering_enabled", on.into())];
    assert_eq!(refused("cache.r6gd.xlarge", tiering(true)), NONE);
    assert_eq!(
        refused("cache.r6g.xlarge", tiering(true)),
        [
            "data_tiering_enabled: Invalid data_tiering_enabled: Only r6gd nodes have data tiering, and `node_type` is \
             \"cache.r6g.xlarge\": use a type such as \"cache.r6gd.xlarge\", or remove `data_tiering_enabled`."
        ]
    );
    assert_eq!(
        refused("cache.r6gd.xlarge", tiering(false)),
        [
            "data_tiering_enabled: Invalid data_tiering_enabled: AWS runs \"cache.r6gd.xlarge\" with data tiering only: set \
             `data_tiering_enabled = true`, or use another `node_type`."
        ]
    );
}

#[test]
fn t1_nodes_support_no_failover_shards_or_snapshots() {
    let t1 = "cache.t1.micro";
    let nodes = || ("num_cache_clusters", Value::from(2));
    assert_eq!(
        paths(t1, [nodes(), ("automatic_failover_enabled", true.into())]),
        ["automatic_failover_enabled"]
    );
    assert_eq!(paths(t1, [nodes(), ("multi_az_enabled", true.into())]), ["multi_az_enabled"]);
    assert_eq!(paths(t1, [("cluster_mode", "compatible".into())]), ["cluster_mode"]);
    let shards = [("num_cache_clusters", Value::Null), ("num_node_groups", Value::from(2))];
    assert_eq!(paths(t1, shards), ["num_node_groups"]);
    assert_eq!(paths(t1, [("snapshot_retention_limit", Value::from(1))]), ["snapshot_retention_limit"]);
    assert_eq!(paths(t1, [("snapshot_retention_limit", Value::from(0))]), NONE);
}

#[test]
fn encryption_needs_a_supporting_node_type() {
    for node_type in ["cache.t1.micro", "cache.m1.small", "cache.m2.xlarge", "cache.c1.xlarge"] {
        let flags =
            [("transit_encryption_enabled", true.into()), ("at_rest_encryption_enabled", true.into())];
        let expected = ["at_rest_encryption_enabled", "transit_encryption_enabled"];
        assert_eq!(paths(node_type, flags), expected, "{node_type}");
    }
    assert_eq!(paths("cache.m3.medium", [("transit_encryption_enabled", true.into())]), NONE);
}

#[test]
fn node_types_have_minimum_versions() {
    let version = |text: &str| [("engine_version", text.into())];
    assert_eq!(paths("cache.t4g.small", version("5.0.5")), ["node_type"]);
    assert_eq!(paths("cache.t4g.small", version("5.0.6")), NONE);
    assert_eq!(paths("cache.m6g.large", version("4.0.10")), ["node_type"]);
    assert_eq!(paths("cache.r6gd.xlarge", version("6.0")), ["node_type"]);
    assert_eq!(paths("cache.r6gd.xlarge", version("6.x")), NONE);
    let valkey = || [("engine", "valkey".into()), ("engine_version", "8.0".into())];
    assert_eq!(paths("cache.m3.medium", valkey()), ["node_type"]);
    assert_eq!(paths("cache.t2.micro", valkey()), NONE);
}

#[test]
fn features_have_minimum_versions() {
    let with = |version: &str, name: &'static str, value: Value| {
        paths("cache.t3.small", [("engine_version", version.into()), (name, value)])
    };
    for (version, refuses) in [("3.2.4", true), ("3.2.6", false), ("3.2.10", true), ("4.0.10", false)] {
        let expected = if refuses { vec!["transit_encryption_enabled"] } else { Vec::new() };
        assert_eq!(with(version, "transit_encryption_enabled", true.into()), expected, "{version}");
    }
    assert_eq!(with("6.0", "network_type", "dual_stack".into()), ["network_type"]);
    assert_eq!(with("6.2", "network_type", "ipv6".into()), NONE);
    assert_eq!(paths("cache.t2.small", [("network_type", "ipv6".into())]), ["network_type"]);
    let groups = || Value::set([Value::from("team")]);
    let old = paths(
        "cache.t3.small",
        [
            ("engine_version", "5.0.6".into()),
            ("user_group_ids", groups()),
            ("transit_encryption_enabled", true.into()),
        ],
    );
    assert_eq!(old, ["user_group_ids"]);
}

#[tokio::test(start_paused = true)]
async fn r6gd_nodes_enable_data_tiering_by_default() {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    let plan =
        aws.plan(&ReplicationGroup, &Value::Null, &configured([("node_type", "cache.r6gd.xlarge".into())]));
    none(&plan.diags);
    assert_eq!(plan.planned.get("data_tiering_enabled"), &Value::from(true));
}

#[tokio::test(start_paused = true)]
async fn warns_about_previous_generation_nodes() {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    let config = configured([("node_type", "cache.m3.medium".into()), ("engine_version", Value::Null)]);
    let plan = aws.plan(&ReplicationGroup, &Value::Null, &config);
    assert!(!plan.diags.has_errors());
    assert_eq!(
        problems(&plan.diags),
        [
            "node_type: Previous-generation node type: \"cache.m3.medium\" belongs to the previous generation, and AWS \
             documents that it creates no new replication groups of it. Use a type such as \"cache.t4g.small\" or \
             \"cache.r7g.large\"."
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn change_to_or_from_r6gd_is_refused() {
    let observed = FakeGroup::two();
    let aws = FakeAws::new(move |call| observed.answer(call));
    let created = aws.create(&ReplicationGroup, configured([])).await;
    none(&created.diags);
    let mut prior = created.state;
    if let Value::Map(entries) = &mut prior {
        entries.insert("data_tiering_enabled".to_owned(), false.into());
    }
    let node_type = || ("node_type", Value::from("cache.r6gd.xlarge"));
    let plan = aws.plan(&ReplicationGroup, &prior, &configured([node_type()]));
    assert_eq!(
        problems(&plan.diags),
        ["node_type: Invalid node_type: AWS does not move a replication group to r6gd nodes in place, \
             because only r6gd nodes have data tiering. Keep the node family; or, if the data may be lost, \
             set `data_tiering_enabled = true` to replace the replication group."]
    );
    let plan = aws.plan(
        &ReplicationGroup,
        &prior,
        &configured([node_type(), ("data_tiering_enabled", true.into())]),
    );
    assert!(!plan.diags.has_errors());
    assert_eq!(plan.replace.iter().map(ToString::to_string).collect::<Vec<_>>(), ["data_tiering_enabled"]);
}
