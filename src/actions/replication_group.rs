//! What the actions on replication groups and nodes share.

use std::time::Duration;

use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup};

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::engine::Context;
use crate::resources::common::errors::present;
use crate::resources::replication_group::{changes, id_checks};
use crate::schema::common::parse_duration;
use crate::schema::{Attribute, Reference};
use crate::services::elasticache::replication_group as service;
use crate::value::{Field, Path};

/// How long the actions wait unless `timeout` says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60 * 60);

/// An argument with the ID of a replication group.
pub(super) fn group_id(attribute: Attribute) -> Attribute {
    id_checks().into_iter().fold(attribute, Attribute::check).reference(Reference::Own)
}

/// An ID in lower case, as AWS stores it; empty without one.
pub(super) fn lower(id: &Field<String>) -> String {
    id.text().unwrap_or_default().to_lowercase()
}

/// The duration in `timeout`, or an hour.
pub(super) fn timeout(argument: &Field<String>) -> Duration {
    argument.text().and_then(parse_duration).unwrap_or(TIMEOUT)
}

/// The replication group with this ID; `None` if it does not exist or is being deleted.
async fn find(cx: &Context<'_>, id: &str) -> Result<Option<ReplicationGroup>, Diagnostics> {
    let what = format!("read replication group {id:?}");
    let found = present(&what, "replication group", service::describe(cx.scope(), id).await)?;
    Ok(found.filter(|group| group.status() != Some("deleting")))
}

/// The replication group with this ID at plan, which is that of `replication_group_id`.
///
/// # Errors
/// It cannot be read; or a warning: it does not exist. An action with the trigger `after_create` is planned before the
/// replication group is created, whose ID is known at plan.
pub(super) async fn planned(cx: &Context<'_>, id: &str) -> Result<ReplicationGroup, Diagnostics> {
    find(cx, id).await?.ok_or_else(|| {
        let detail = format!(
            "AWS has no replication group {id:?} in this Region, or is deleting it. The action fails unless this apply creates \
             the replication group first. Otherwise, correct `replication_group_id` or `region`."
        );
        let missing = Diagnostic::warning("Replication group does not exist", detail);
        missing.at(Path::attribute("replication_group_id")).into()
    })
}

/// What AWS would refuse now: warnings if the plan of this run changes the replication group with this ID. An action
/// with the trigger `after_update` runs after that change, and checks the replication group again.
pub(super) fn at_plan(cx: &Context<'_>, id: &str, problems: Diagnostics) -> Diagnostics {
    if !changes(&cx.provider().facts, id) {
        return problems;
    }
    let mut warnings = Diagnostics::new();
    for problem in problems.iter().cloned() {
        let detail = format!(
            "{} This plan changes replication group {id:?}; the action fails unless that removes the reason first.",
            problem.detail
        );
        warnings.push(Diagnostic { severity: Severity::Warning, detail, ..problem });
    }
    warnings
}

/// The replication group with this ID, which is that of `replication_group_id`.
///
/// # Errors
/// It does not exist, is being deleted, or cannot be read.
pub(super) async fn existing(cx: &Context<'_>, id: &str) -> Result<ReplicationGroup, Diagnostics> {
    find(cx, id).await?.ok_or_else(|| {
        let detail = format!(
            "AWS has no replication group {id:?} in this Region, or is deleting it. Correct \
             `replication_group_id` or `region`."
        );
        at("replication_group_id", "Replication group does not exist", detail).into()
    })
}

/// The node with this ID; `None` if it does not exist.
async fn find_node(cx: &Context<'_>, id: &str) -> Result<Option<CacheCluster>, Diagnostics> {
    let described = service::describe_member(cx.scope(), id).await;
    present(&format!("read node {id:?}"), "node", described)
}

/// The node with this ID at plan, which is that of `cache_cluster_id`.
///
/// # Errors
/// As of [`planned`].
pub(super) async fn planned_node(cx: &Context<'_>, id: &str) -> Result<CacheCluster, Diagnostics> {
    find_node(cx, id).await?.ok_or_else(|| {
        let detail = format!(
            "AWS has no node {id:?} in this Region. The action fails unless this apply creates the node first. Otherwise, \
             correct `cache_cluster_id` or `region`."
        );
        let missing = Diagnostic::warning("Node does not exist", detail);
        missing.at(Path::attribute("cache_cluster_id")).into()
    })
}

/// The node with this ID, which is that of `cache_cluster_id`.
///
/// # Errors
/// It does not exist, or cannot be read.
pub(super) async fn existing_node(cx: &Context<'_>, id: &str) -> Result<CacheCluster, Diagnostics> {
    find_node(cx, id).await?.ok_or_else(|| {
        let detail =
            format!("AWS has no node {id:?} in this Region. Correct `cache_cluster_id` or `region`.");
        at("cache_cluster_id", "Node does not exist", detail).into()
    })
}

/// An error at an argument.
pub(super) fn at(argument: &str, summary: &str, detail: String) -> Diagnostic {
    Diagnostic::error(summary, detail).at(Path::attribute(argument))
}

/// A wait until a group and its nodes are available and the function finds nothing missing.
pub(super) struct Until<F>(pub(super) F);

impl<F: Fn(&ReplicationGroup) -> Option<String> + Sync> service::Awaited for Until<F> {
    fn is_new(&self) -> bool {
        false
    }

    fn missing(&self, group: &ReplicationGroup) -> Option<String> {
        (self.0)(group)
    }
}
