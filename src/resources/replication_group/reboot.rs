//! Nodes with changed parameters that take effect when they are rebooted.

use aws_sdk_elasticache::types::CacheCluster;
use futures_util::future::try_join_all;

use super::attributes::ReplicationGroupModel;
use super::deferral::PARAMETERS;
use crate::aws::{AwsError, Found, Scope};
use crate::diag::Diagnostic;
use crate::engine::{Context, PlanContext};
use crate::schema::Object;
use crate::schema::common::TIMEOUTS;
use crate::services::elasticache::cache_cluster::waits_for_reboot;
use crate::services::elasticache::replication_group::{Observed, find_member};
use crate::value::{Field, Path};

/// The status of some seconds after a change of parameters.
const APPLYING: &str = "applying";

/// The status of a node that waits.
const PENDING: &str = "pending-reboot";

/// Sets the attributes from nodes of the group; from none, they stay as they are.
pub(super) fn flatten(nodes: &[CacheCluster], model: &mut ReplicationGroupModel) {
    let mut waiting: Vec<String> = nodes
        .iter()
        .filter(|node| waits_for_reboot(node))
        .filter_map(|node| node.cache_cluster_id().map(str::to_owned))
        .collect();
    waiting.sort();
    let mut statuses = nodes.iter().filter_map(|node| node.cache_parameter_group()?.parameter_apply_status());
    let observed = if waiting.is_empty() { statuses.next() } else { Some(PENDING) };
    model.parameter_apply_status = match (observed, model.parameter_apply_status.text()) {
        // The status before it is reported until then, so that no refresh shows what lasts for seconds.
        (None | Some(APPLYING), Some(before)) if before != PENDING => Field::Known(before.to_owned()),
        (observed, _) => observed.map(str::to_owned).into(),
    };
    if !nodes.is_empty() || model.nodes_pending_reboot.known().is_none() {
        model.nodes_pending_reboot = Field::Known(waiting);
    }
}

/// True if the first node does not speak for all: some are known to wait, or nothing is known.
pub(super) fn is_open(state: &ReplicationGroupModel) -> bool {
    state.nodes_pending_reboot.known().is_none_or(|nodes| !nodes.is_empty())
}

/// Sets the attributes from all nodes, if some may wait. Parameters change in all nodes at the same time, so the first
/// one, which every read has, speaks for the others until nodes are rebooted one by one.
///
/// # Errors
/// A node cannot be read.
pub(super) async fn complete(
    scope: &Scope<'_>,
    observed: &Observed,
    is_open: bool,
    model: &mut ReplicationGroupModel,
) -> Result<(), AwsError> {
    let Some(first) = observed.member.as_ref().filter(|first| is_open || waits_for_reboot(first)) else {
        return Ok(());
    };
    let others = observed.members().into_iter().filter(|id| first.cache_cluster_id() != Some(id.as_str()));
    let others = try_join_all(others.map(|id| async move { find_member(scope, &id).await })).await?;
    let others = others.into_iter().filter_map(Found::yes);
    let nodes: Vec<CacheCluster> = [first.clone()].into_iter().chain(others).collect();
    flatten(&nodes, model);
    Ok(())
}

/// The same at the end of an update, with a warning if nodes wait that did not wait before.
pub(super) async fn after_update(
    cx: &Context<'_>,
    prior: &ReplicationGroupModel,
    observed: &Observed,
    model: &mut ReplicationGroupModel,
) {
    let waited = !waiting(prior).is_empty();
    if let Err(error) = complete(cx.scope(), observed, waited, model).await {
        // The update is complete; the next read finds what is missing.
        tracing::info!(%error, "the nodes that wait for a reboot could not be read");
    }
    if !waited && !waiting(model).is_empty() {
        cx.warn(warning(model));
    }
}

/// Opens the attributes in the plan of an update that may change them, and warns of nodes that wait.
pub(super) fn plan(cx: &mut PlanContext<'_, ReplicationGroupModel>, prior: &ReplicationGroupModel) {
    let waits = !waiting(prior).is_empty();
    let block = &ReplicationGroupModel::resource_schema().block;
    // What AWS does not return says how an object is created, changed or deleted, or is a token: no node is rebooted.
    let is_update = cx.changes().iter().any(|name| match block.attribute(name) {
        Some(attribute) => attribute.not_readable.is_none(),
        None => *name != TIMEOUTS,
    });
    let pending = prior.pending_modified_values.known().is_some_and(|it| it.contains_key(PARAMETERS));
    let at_once = !matches!(cx.planned.apply_immediately, Field::Null | Field::Known(false));
    let other_values = at_once && (cx.changed(PARAMETERS) || pending);
    if is_update && (waits || other_values) {
        cx.set_unknown("parameter_apply_status");
        cx.set_unknown("nodes_pending_reboot");
    }
    if waits && cx.replacements().is_empty() {
        cx.diags.push(warning(prior));
    }
}

fn waiting(model: &ReplicationGroupModel) -> &[String] {
    model.nodes_pending_reboot.known().map(Vec::as_slice).unwrap_or_default()
}

/// The warning for nodes that wait.
fn warning(group: &ReplicationGroupModel) -> Diagnostic {
    let nodes: Vec<String> = waiting(group).iter().map(|node| format!("{node:?}")).collect();
    let way = match group.cluster_enabled.is_true() {
        true => {
            "AWS does not reboot nodes with cluster mode enabled: only new nodes have the new values, as after a restore from \
             a snapshot."
        }
        false => {
            "The action `elasticache_reboot_nodes` reboots them, replicas first. AWS empties a node that is \
             rebooted, so make a replica the primary before the primary is rebooted."
        }
    };
    let detail = format!(
        "Changed parameters of replication group {:?} take effect in these nodes when they are rebooted: {}. {way}",
        group.group_id(),
        nodes.join(", ")
    );
    Diagnostic::warning("Nodes wait for a reboot", detail).at(Path::attribute(PARAMETERS))
}
