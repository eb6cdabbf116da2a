//! Rebooting nodes.

use std::time::Duration;

use aws_sdk_elasticache::types::ReplicationGroup;

use super::attributes::RebootNodesModel;
use super::nodes::{Node, keeps_data, targets};
use crate::actions::replication_group::{Until, at_plan, existing, lower, planned, timeout};
use crate::diag::Diagnostics;
use crate::engine::{Action, ActionProgress, Context, failed};
use crate::resources::common::errors::failed_wait;
use crate::services::elasticache::{cache_cluster, replication_group};

/// `elasticache_reboot_nodes`.
pub struct RebootNodes;

impl Action for RebootNodes {
    type Model = RebootNodesModel;

    fn type_name(&self) -> &'static str {
        "elasticache_reboot_nodes"
    }

    fn timeout(&self, config: &RebootNodesModel) -> Duration {
        timeout(&config.timeout)
    }

    async fn plan(&self, cx: &Context<'_>, config: &RebootNodesModel) -> Diagnostics {
        let id = lower(&config.replication_group_id);
        let group = match planned(cx, &id).await {
            Ok(group) => group,
            Err(problem) => return problem,
        };
        at_plan(cx, &id, targets(cx, &group, config).await.err().unwrap_or_default())
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: RebootNodesModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        let id = lower(&config.replication_group_id);
        let group = existing(cx, &id).await?;
        // As a trigger after a change of parameters, the action is invoked while AWS applies them.
        let applied = cache_cluster::wait_applied(cx.scope(), group.member_clusters()).await;
        let what = format!("reboot nodes of replication group {id:?}");
        applied.map_err(|error| failed_wait(what, &error))?;
        let nodes = targets(cx, &group, &config).await?;
        if nodes.is_empty() {
            progress.say(format!("No node of replication group {id:?} waits for a reboot"));
            return Ok(());
        }
        for (done, node) in nodes.iter().enumerate() {
            progress.say(format!("Rebooting node {:?} ({} of {})", node.id, done + 1, nodes.len()));
            reboot(cx, &id, node, &config, progress, nodes.get(done + 1..).unwrap_or_default()).await?;
        }
        let names: Vec<String> = nodes.iter().map(|node| format!("{:?}", node.id)).collect();
        progress.say(format!("Rebooted {} of replication group {id:?}", names.join(", ")));
        Ok(())
    }
}

/// Reboots a node and waits until it, and all others, are available. `rest` are those that follow.
async fn reboot(
    cx: &Context<'_>,
    id: &str,
    node: &Node,
    config: &RebootNodesModel,
    progress: &ActionProgress,
    rest: &[Node],
) -> Result<(), Diagnostics> {
    let what = format!("reboot node {:?} of replication group {id:?}", node.id);
    // A failover may have made it the primary since the nodes were read.
    keeps_data(&existing(cx, id).await?, &node.id, config)?;
    cache_cluster::reboot(cx.scope(), &node.id).await.map_err(|error| failed(&what, &error))?;
    let names: Vec<String> = rest.iter().map(|node| format!("{:?}", node.id)).collect();
    let later = match names.is_empty() {
        true => String::new(),
        false => format!(" Not rebooted: {}.", names.join(", ")),
    };
    progress.goes_on(format!("AWS continues to reboot node {:?}.{later}", node.id));
    let rebooted = cache_cluster::wait_rebooted(cx.scope(), &node.id, node.waits).await;
    rebooted.map_err(|error| failed_wait(&what, &error))?;
    let until = Until(|_: &ReplicationGroup| None::<String>);
    let settled = replication_group::wait_available(cx.scope(), id, &until).await;
    settled.map_err(|error| failed_wait(&what, &error))?;
    progress.goes_on("");
    Ok(())
}
