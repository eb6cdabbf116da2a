//! The configuration that Terraform generates for an existing group.

use super::attributes::ReplicationGroupModel;
use super::layout::Layout;
use crate::value::{Map, Value};

/// Keeps one way of counting the nodes: `num_cache_clusters` without cluster mode; with it, the number of shards and
/// of their replicas, or a block for each shard where the shards differ.
pub(super) fn one_count(state: &ReplicationGroupModel, config: &mut Map) {
    let layout = Layout::of_state(state);
    let is_even = layout.smallest() == layout.largest();
    let (repeated, has_blocks): (&[&str], bool) = match (state.cluster_enabled.is_true(), is_even) {
        (false, _) => (&["num_node_groups", "replicas_per_node_group"], false),
        (true, true) => (&["num_cache_clusters"], false),
        (true, false) => (&["num_cache_clusters", "num_node_groups", "replicas_per_node_group"], true),
    };
    for name in repeated {
        config.insert((*name).to_owned(), Value::Null);
    }
    if !has_blocks {
        config.insert("node_group_configuration".to_owned(), Value::Set(Vec::new()));
    }
}
