//! The configuration that Terraform generates for an existing group. Faults-met F13.

use super::ReplicationGroup;
use crate::engine::AnyResource;
use crate::testing::aws::{FakeAws, config};
use crate::value::Value;

const COUNTS: [&str; 3] = ["num_cache_clusters", "num_node_groups", "replicas_per_node_group"];

/// Shards as the state has them, with this many nodes each.
fn shards(nodes: &[usize]) -> Value {
    let node = Value::map([("cache_cluster_id", Value::from("node")), ("availability_zone", Value::Null)]);
    let shard = |(at, nodes): (usize, &usize)| {
        Value::map([
            ("node_group_id", Value::string(format!("{:04}", at + 1))),
            ("slots", Value::Null),
            ("nodes", Value::List(vec![node.clone(); *nodes])),
        ])
    };
    Value::List(nodes.iter().enumerate().map(shard).collect())
}

/// The block of a shard, as an import describes it.
fn block(at: usize, nodes: usize) -> Value {
    Value::map([
        ("node_group_id", Value::string(format!("{:04}", at + 1))),
        ("primary_availability_zone", Value::from("us-east-1a")),
        ("primary_outpost_arn", Value::from("")),
        ("replica_availability_zones", Value::List(Vec::new())),
        ("replica_outpost_arns", Value::List(Vec::new())),
        ("replica_count", Value::Number((nodes - 1).to_string().parse().unwrap())),
        ("slots", Value::Null),
    ])
}

/// What is generated for a group with these shards and these arguments.
fn generated<const N: usize>(nodes: &[usize], is_cluster: bool, more: [(&str, Value); N]) -> Value {
    let blocks = nodes.iter().enumerate().map(|(at, nodes)| block(at, *nodes));
    let state = config(
        &ReplicationGroup,
        [
            ("id", "cache".into()),
            ("replication_group_id", "cache".into()),
            ("description", "A cache".into()),
            ("cluster_enabled", is_cluster.into()),
            ("num_cache_clusters", Value::from(5)),
            ("num_node_groups", Value::from(2)),
            ("replicas_per_node_group", Value::from(1)),
            ("node_groups", shards(nodes)),
            ("node_group_configuration", Value::set(blocks)),
            ("region", "us-east-1".into()),
        ],
    );
    let Value::Map(mut state) = state else { panic!("no object") };
    state.extend(more.map(|(name, value)| (name.to_owned(), value)));
    let aws = FakeAws::new(|call| call.error("None", "Generating configuration calls nothing."));
    ReplicationGroup.generate(&aws.provider, &Value::Map(state)).unwrap()
}

#[test]
fn generated_configuration_counts_nodes_in_one_way() {
    let counted = |nodes: &[usize], is_cluster: bool| {
        let config = generated(nodes, is_cluster, []);
        let counts = COUNTS.into_iter().filter(|name| !config.get(name).is_null()).collect::<Vec<_>>();
        (counts, config.get("node_group_configuration").as_elements().unwrap().len())
    };
    assert_eq!(counted(&[2], false), (vec!["num_cache_clusters"], 0));
    assert_eq!(counted(&[2, 2], true), (vec!["num_node_groups", "replicas_per_node_group"], 0));
    assert_eq!(counted(&[2, 3], true), (vec![], 2));
    let blocks = generated(&[2, 3], true, []);
    let first = &blocks.get("node_group_configuration").as_elements().unwrap()[0];
    assert_eq!(first.get("replica_count"), &Value::from(1));
    assert_eq!(first.get("replica_outpost_arns"), &Value::Null);
}

/// Engine, version, node type and shards of a secondary belong to its global datastore, and validation refuses them
/// beside it.
#[test]
fn a_secondary_is_generated_without_what_its_datastore_decides() {
    let config = generated(
        &[2, 2],
        true,
        [
            ("global_replication_group_id", "ldgnf-store".into()),
            ("engine", "redis".into()),
            ("engine_version", "7.1".into()),
            ("node_type", "cache.r7g.large".into()),
            ("parameter_group_name", "global-datastore-ldgnf-store".into()),
            ("at_rest_encryption_enabled", true.into()),
            ("transit_encryption_enabled", true.into()),
            ("transit_encryption_mode", "required".into()),
            ("port", Value::from(6379)),
        ],
    );
    let Value::Map(entries) = &config else { panic!("no object") };
    let given: Vec<&str> =
        entries.iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        given,
        [
            "description",
            "global_replication_group_id",
            "port",
            "replicas_per_node_group",
            "replication_group_id"
        ]
    );
    let refused = ReplicationGroup.validate(&config);
    assert!(refused.iter().all(|it| it.summary != "Conflicting arguments"), "{refused:?}");
}
