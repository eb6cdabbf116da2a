//! Promoting a replica.

use std::time::Duration;

use aws_sdk_elasticache::types::{AutomaticFailoverStatus, ReplicationGroup};

use super::attributes::PromoteReplicaModel;
use crate::actions::replication_group::{Until, at, at_plan, existing, lower, planned, timeout};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Action, ActionProgress, Context, failed};
use crate::resources::common::errors::failed_wait;
use crate::services::elasticache::{BUSY, replication_group, roles};

/// `elasticache_promote_replica`.
pub struct PromoteReplica;

impl Action for PromoteReplica {
    type Model = PromoteReplicaModel;

    fn type_name(&self) -> &'static str {
        "elasticache_promote_replica"
    }

    fn timeout(&self, config: &PromoteReplicaModel) -> Duration {
        timeout(&config.timeout)
    }

    async fn plan(&self, cx: &Context<'_>, config: &PromoteReplicaModel) -> Diagnostics {
        let id = lower(&config.replication_group_id);
        let problem = match planned(cx, &id).await {
            Ok(group) => refusal(&group, &lower(&config.cache_cluster_id)),
            Err(problem) => return problem,
        };
        at_plan(cx, &id, problem.map(Diagnostics::from).unwrap_or_default())
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: PromoteReplicaModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        let (id, node) = (lower(&config.replication_group_id), lower(&config.cache_cluster_id));
        let group = existing(cx, &id).await?;
        let before = roles::only_primary(&group).unwrap_or_default();
        if before == node {
            progress.say(format!("Node {node:?} is the primary of replication group {id:?} already"));
            return Ok(());
        }
        if let Some(problem) = refusal(&group, &node) {
            return Err(problem.into());
        }
        let what = format!("promote node {node:?} of replication group {id:?}");
        progress.say(format!("Promoting node {node:?} of replication group {id:?} in place of {before:?}"));
        // A repeated request changes nothing more.
        let sent = cx.scope().retry(BUSY, || roles::promote(cx.scope(), &id, &node));
        sent.await.map_err(|error| failed(&what, &error))?;
        progress.goes_on(format!("AWS continues to promote node {node:?} of replication group {id:?}."));
        let until = Until(|group: &ReplicationGroup| {
            let primary = roles::only_primary(group).unwrap_or_default();
            (primary != node).then(|| format!("its primary is {primary:?}"))
        });
        let promoted = replication_group::wait_available(cx.scope(), &id, &until).await;
        promoted.map_err(|error| failed_wait(&what, &error))?;
        progress.goes_on("");
        progress.say(format!("The primary of replication group {id:?} moved from {before:?} to {node:?}"));
        Ok(())
    }
}

/// Why AWS would refuse the request.
fn refusal(group: &ReplicationGroup, node: &str) -> Option<Diagnostic> {
    let id = group.replication_group_id().unwrap_or_default();
    if roles::has_cluster_mode(group) || group.node_groups().len() > 1 {
        return Some(at(
            "replication_group_id",
            "Replication group has cluster mode",
            format!(
                "AWS promotes a replica only in a replication group with cluster mode disabled, and {id:?} \
                 has it enabled. Use `elasticache_test_failover` to move the primary of a shard."
            ),
        ));
    }
    let members = group.member_clusters();
    if !members.iter().any(|member| member == node) {
        return Some(at(
            "cache_cluster_id",
            "Node is not a member",
            format!(
                "`cache_cluster_id` is {node:?}, but the nodes of replication group {id:?} are {}. Correct \
                 `cache_cluster_id`.",
                members.join(", ")
            ),
        ));
    }
    let is_primary = roles::only_primary(group) == Some(node);
    let has_failover = matches!(
        group.automatic_failover(),
        Some(AutomaticFailoverStatus::Enabled | AutomaticFailoverStatus::Enabling)
    );
    (has_failover && !is_primary).then(|| {
        at(
            "replication_group_id",
            "Automatic failover is enabled",
            format!(
                "Replication group {id:?} has automatic failover, and AWS does not promote a replica while \
                 it is enabled. Use `elasticache_test_failover`; or set its `automatic_failover_enabled` and \
                 `multi_az_enabled` to false, apply that, invoke this action, and set them to true again."
            ),
        )
    })
}
