//! The nodes to reboot, and their order.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::ReplicationGroup;
use futures_util::future::try_join_all;

use super::attributes::RebootNodesModel;
use crate::actions::replication_group::at;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::services::elasticache::cache_cluster::waits_for_reboot;
use crate::services::elasticache::replication_group::describe_member;
use crate::services::elasticache::roles;

/// A node to reboot.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: String,
    /// Parameters wait for the reboot.
    pub(super) waits: bool,
}

/// The nodes to reboot, replicas first.
///
/// # Errors
/// AWS refuses the reboot of one of them, it would lose data, or the nodes cannot be read.
pub(super) async fn targets(
    cx: &Context<'_>,
    group: &ReplicationGroup,
    config: &RebootNodesModel,
) -> Result<Vec<Node>, Diagnostics> {
    let id = group.replication_group_id().unwrap_or_default();
    if roles::has_cluster_mode(group) {
        let detail = format!(
            "AWS does not reboot nodes of a replication group with cluster mode enabled, such as {id:?}. Its parameters take \
             effect in new nodes: create a snapshot, and restore the replication group from it."
        );
        return Err(at("replication_group_id", "Replication group has cluster mode", detail).into());
    }
    let mut members = group.member_clusters().to_vec();
    members.sort();
    let given: Option<BTreeSet<String>> =
        config.cache_cluster_ids.known().map(|ids| ids.iter().map(|id| id.to_lowercase()).collect());
    if let Some(other) = given.iter().flatten().find(|node| !members.contains(node)) {
        let detail = format!(
            "`cache_cluster_ids` contains {other:?}, but the nodes of replication group {id:?} are {}. \
             Correct `cache_cluster_ids`.",
            members.join(", ")
        );
        return Err(at("cache_cluster_ids", "Node is not a member", detail).into());
    }
    let described = try_join_all(members.iter().map(|node| describe_member(cx.scope(), node)))
        .await
        .map_err(|error| failed(format!("read the nodes of replication group {id:?}"), &error))?;
    let nodes = members
        .into_iter()
        .zip(described)
        .map(|(id, cluster)| Node { waits: cluster.yes().as_ref().is_some_and(waits_for_reboot), id });
    let mut nodes: Vec<Node> =
        nodes.filter(|node| given.as_ref().map_or(node.waits, |given| given.contains(&node.id))).collect();
    nodes.sort_by_key(|node| is_primary(group, &node.id));
    for node in &nodes {
        keeps_data(group, &node.id, config)?;
    }
    Ok(nodes)
}

/// True for the primary. A node whose role AWS does not return may be one.
fn is_primary(group: &ReplicationGroup, node: &str) -> bool {
    roles::only_primary(group).is_none_or(|primary| primary == node)
}

/// Refuses the reboot of the primary, unless data may be lost.
pub(super) fn keeps_data(
    group: &ReplicationGroup,
    node: &str,
    config: &RebootNodesModel,
) -> Result<(), Diagnostic> {
    if config.allow_data_loss.is_true() || !is_primary(group, node) {
        return Ok(());
    }
    let id = group.replication_group_id().unwrap_or_default();
    let replicas: Vec<String> = group
        .member_clusters()
        .iter()
        .filter(|member| *member != node)
        .map(|member| format!("{member:?}"))
        .collect();
    let way = match replicas.is_empty() {
        true => "Create a snapshot first if its data is needed.".to_owned(),
        false => format!(
            "To keep the data, set `cache_cluster_ids` to replicas alone ({}), make one of them the primary \
             with `elasticache_test_failover` or `elasticache_promote_replica`, and reboot {node:?} after \
             that.",
            replicas.join(", ")
        ),
    };
    let detail = format!(
        "Node {node:?} is the primary of replication group {id:?}, and AWS empties a node that is rebooted. \
         {way} To lose the data, set `allow_data_loss = true`."
    );
    Err(at("allow_data_loss", "Reboot of the primary loses data", detail))
}
