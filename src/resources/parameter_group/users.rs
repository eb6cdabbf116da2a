//! Caches that keep a parameter group from being deleted.

use aws_sdk_elasticache::types::CacheCluster;

use crate::aws::{AwsError, Service};
use crate::engine::{Context, facts};
use crate::resources::elasticache::Pages;

/// A fact: the group is replaced in this run, so that the old one is deleted in it.
pub(crate) const REPLACED: &str = "replaced";

/// The key of [`REPLACED`] for the group of that name.
pub(crate) fn key(name: &str, region: &str) -> String {
    facts::key("old parameter group", &name.to_lowercase(), region)
}

/// A cache that has the group until a change that AWS has accepted is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Waiting {
    /// The replication group, or the node where it belongs to none.
    cache: String,
    /// The maintenance window in which AWS makes the change.
    window: String,
}

/// The caches that use the group of that name and wait for their maintenance window; none
/// when that cannot be found out.
pub(super) async fn waiting(cx: &Context<'_>, name: &str) -> Vec<Waiting> {
    let clusters = clusters(cx).await.unwrap_or_else(|error| {
        tracing::info!(name, code = error.code(), "cannot tell which caches use the parameter group");
        Vec::new()
    });
    let mut waiting: Vec<Waiting> =
        clusters.iter().filter(|cluster| uses(cluster, name)).filter_map(deferred).collect();
    waiting.sort_unstable();
    waiting.dedup();
    waiting
}

/// What to do about them.
pub(super) fn advice(waiting: Vec<Waiting>) -> String {
    let names: Vec<String> = waiting
        .into_iter()
        .map(|it| format!("{} (until its maintenance window {} UTC)", it.cache, it.window))
        .collect();
    format!(
        "It is in use by {}: the change to another parameter group waits for the maintenance window. Apply again after the \
         window; or set apply_immediately = true on the replication group to make the change now.",
        names.join(", ")
    )
}

async fn clusters(cx: &Context<'_>) -> Result<Vec<CacheCluster>, AwsError> {
    const OPERATION: &str = "DescribeCacheClusters";
    let client = cx.aws().elasticache(cx.region()).await?;
    let mut clusters = Pages::new(OPERATION);
    while clusters.more() {
        let call = client.describe_cache_clusters().set_marker(clusters.marker());
        let answer = cx.call(Service::ElastiCache, OPERATION, call.send()).await?;
        clusters.add(answer.cache_clusters, answer.marker)?;
    }
    Ok(clusters.all())
}

fn uses(cluster: &CacheCluster, name: &str) -> bool {
    let used = cluster.cache_parameter_group().and_then(|group| group.cache_parameter_group_name());
    used.is_some_and(|used| used.eq_ignore_ascii_case(name))
}

/// A node with a pending change that is not being made. One that is being changed, or
/// deleted, frees the group by itself.
fn deferred(cluster: &CacheCluster) -> Option<Waiting> {
    let pending = cluster.pending_modified_values()?;
    let waits = pending.engine_version().is_some() || pending.cache_node_type().is_some();
    if !waits || cluster.cache_cluster_status() != Some("available") {
        return None;
    }
    let node = cluster.cache_cluster_id()?;
    let cache = cluster
        .replication_group_id()
        .map_or_else(|| format!("node {node:?}"), |group| format!("replication group {group:?}"));
    Some(Waiting { cache, window: cluster.preferred_maintenance_window().unwrap_or("unknown").to_owned() })
}
