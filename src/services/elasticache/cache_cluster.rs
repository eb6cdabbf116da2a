//! Cache clusters: the nodes of every cache.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_sdk_elasticache::types::CacheCluster;

use crate::aws::{AwsError, Found, Pages, Poll, Scope, Service, UnansweredAttempts, WaitError, WaitPlan};
use crate::services::elasticache::BUSY;
use crate::services::elasticache::replication_group::describe_member;

/// The ID that the only cache node of a cluster has in Valkey and Redis OSS.
const ONLY_NODE: &str = "0001";

/// How long AWS may return a cluster as available after it has accepted a reboot.
const BEGINS_WITHIN: Duration = Duration::from_secs(30);

/// The status of a cluster during a reboot (API model).
const REBOOTING: &str = "rebooting cluster nodes";

/// Every cache cluster of the Region.
pub(crate) async fn list(scope: &Scope<'_>) -> Result<Vec<CacheCluster>, AwsError> {
    const OPERATION: &str = "DescribeCacheClusters";
    let client = scope.elasticache().await?;
    let mut clusters = Pages::new(Service::ElastiCache, OPERATION);
    while clusters.more() {
        let call = client.describe_cache_clusters().set_marker(clusters.marker());
        let answer = scope.call(Service::ElastiCache, OPERATION, call.send()).await?;
        clusters.add(answer.cache_clusters, answer.marker)?;
    }
    Ok(clusters.all())
}

/// True for a node with changed parameters that take effect when it is rebooted.
pub(crate) fn waits_for_reboot(cluster: &CacheCluster) -> bool {
    cluster.cache_parameter_group().is_some_and(|group| {
        group.parameter_apply_status() == Some("pending-reboot")
            || !group.cache_node_ids_to_reboot().is_empty()
    })
}

/// Waits until no node is in the middle of applying changed parameters; after that some may wait for a reboot.
pub(crate) async fn wait_applied(scope: &Scope<'_>, ids: &[String]) -> Result<(), WaitError> {
    for id in ids {
        let plan = WaitPlan::new(format!("node {id:?} to apply changed parameters"), scope.time_left());
        let applied = scope.wait(&plan, async || {
            let node = describe_member(scope, id).await?.yes();
            let group = node.as_ref().and_then(CacheCluster::cache_parameter_group);
            match group.and_then(|group| group.parameter_apply_status()) {
                Some(status @ "applying") => Ok(Poll::Pending { status: status.to_owned() }),
                _ => Ok(Poll::Ready(())),
            }
        });
        applied.await?;
    }
    Ok(())
}

/// Reboots a node once it is in the middle of nothing else. A request without a response is not repeated while the node
/// is rebooting.
pub(crate) async fn reboot(scope: &Scope<'_>, id: &str) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let attempts = UnansweredAttempts::default();
    let sent = scope.retry(BUSY, async || {
        let call = client.reboot_cache_cluster().cache_cluster_id(id).cache_node_ids_to_reboot(ONLY_NODE);
        let call = call.customize().interceptor(attempts.clone());
        match scope.call(Service::ElastiCache, "RebootCacheCluster", call.send()).await {
            Err(error) if attempts.any() && is_rebooting(scope, id).await => {
                tracing::info!(%error, "a response was lost, and the node is rebooting");
                Ok(())
            }
            answer => answer.map(drop),
        }
    });
    sent.await
}

async fn is_rebooting(scope: &Scope<'_>, id: &str) -> bool {
    let node = describe_member(scope, id).await;
    matches!(node, Ok(Found::Yes(node)) if node.cache_cluster_status() == Some(REBOOTING))
}

/// Waits until a node is rebooted. `waited` is true for one with parameters that waited for the reboot: they are in
/// effect then.
pub(crate) async fn wait_rebooted(scope: &Scope<'_>, id: &str, waited: bool) -> Result<(), WaitError> {
    let plan = WaitPlan::new(format!("node {id:?} to be rebooted"), scope.time_left());
    let (left, has_begun) = (scope.time_left(), AtomicBool::new(false));
    let rebooted = scope.wait(&plan, async || {
        let pending = |status: &str| Ok(Poll::Pending { status: status.to_owned() });
        let Some(node) = describe_member(scope, id).await?.yes() else { return pending("not visible") };
        let is_late = left.saturating_sub(scope.time_left()) >= BEGINS_WITHIN;
        match node.cache_cluster_status().unwrap_or("unknown") {
            "available" if waited && waits_for_reboot(&node) => {
                pending("available, with parameters that wait for a reboot")
            }
            "available" if waited || is_late || has_begun.load(Ordering::Relaxed) => Ok(Poll::Ready(())),
            "available" => pending("available, before the reboot"),
            status @ ("deleting" | "incompatible-network" | "restore-failed") => {
                Ok(Poll::Failed { status: status.to_owned(), reason: String::new() })
            }
            status => {
                has_begun.store(true, Ordering::Relaxed);
                pending(status)
            }
        }
    });
    rebooted.await
}
