//! Deletes objects that caches may still use.
//!
//! A cache that is being changed or deleted releases the objects that it uses, and so does AWS some time after a cache
//! is deleted: the deletion waits. A cache that is available and is not being changed keeps the objects in use: the
//! deletion fails at once and names the cache, because only a change of the configuration helps.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::OnceLock;

use aws_sdk_elasticache::types::CacheCluster;

use crate::aws::{AwsError, Found};
use crate::diag::Diagnostic;
use crate::engine::{Context, Progress, failed};
use crate::services::elasticache::{cache_cluster, replication_group, serverless_cache};

/// The status of a cache that AWS is not changing.
const AVAILABLE: &str = "available";

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A cache that keeps an object in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::resources) struct Cache {
    name: Name,
    /// The maintenance window in which AWS applies a pending change.
    pub(in crate::resources) window: Option<String>,
}

/// A replication group, or a node that is in none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Group(String),
    Node(String),
}

impl fmt::Display for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Name::Group(id) => write!(f, "replication group {id:?}")?,
            Name::Node(id) => write!(f, "node {id:?}")?,
        }
        match &self.window {
            Some(window) => write!(f, " (until its maintenance window {window} UTC)"),
            None => Ok(()),
        }
    }
}

/// Caches for a message.
pub(in crate::resources) fn list(caches: &[Cache]) -> String {
    caches.iter().map(Cache::to_string).collect::<Vec<_>>().join(", ")
}

/// A deletion that AWS refused until the timeout, or that waiting cannot help.
#[derive(Debug)]
pub(in crate::resources) struct Refusal {
    /// The last error of AWS.
    pub(in crate::resources) error: AwsError,
    /// What keeps the object in use, and what to do; `None` if that is not known.
    pub(in crate::resources) advice: Option<String>,
}

impl Refusal {
    /// The diagnostic of the deletion `what`.
    pub(in crate::resources) fn diagnostic(&self, what: &str) -> Diagnostic {
        let mut diagnostic = failed(what, &self.error);
        if let Some(advice) = &self.advice {
            diagnostic.detail.push(' ');
            diagnostic.detail.push_str(advice);
        }
        diagnostic
    }
}

/// Deletes an object, and retries while AWS refuses with one of the error codes `codes`. Stops as soon as `blocked`
/// returns an advice, because waiting does not help.
///
/// # Errors
/// Any other error at once; the last refusal at the deadline.
pub(in crate::resources) async fn delete_when_free<D, B>(
    cx: &Context<'_>,
    codes: &[&str],
    delete: impl Fn() -> D + Sync,
    blocked: impl Fn() -> B + Sync,
) -> Result<(), Refusal>
where
    D: Future<Output = Result<(), AwsError>> + Send,
    B: Future<Output = Option<String>> + Send,
{
    let advice = OnceLock::new();
    let attempt = async || match delete().await {
        Err(error) if error.is(codes) => {
            if let Some(text) = blocked().await {
                // Set at most once, because it ends the attempts.
                let _ = advice.set(text);
            }
            Err(error)
        }
        done => done,
    };
    let passes = |error: &AwsError| error.is(codes) && advice.get().is_none();
    let deleted = cx.scope().retry_if(passes, attempt).await;
    deleted.map_err(|error| Refusal { error, advice: advice.get().cloned() })
}

/// Identifies the changes of a serverless cache in this run.
pub(in crate::resources) async fn serverless_change_key(cx: &Context<'_>, name: &str) -> String {
    cx.key("serverless cache", &name.to_lowercase()).await
}

/// The key of the changes of a replication group in this run.
pub(in crate::resources) async fn change_key(cx: &Context<'_>, group: &str) -> String {
    cx.key("replication group", &group.to_lowercase()).await
}

/// As [`change_key`], for a replication group in `region`.
pub(in crate::resources) fn change_key_in(group: &str, region: &str) -> String {
    Context::key_in("replication group", &group.to_lowercase(), region)
}

/// The caches with a node for which `uses` is true that keep the object in use. Empty if that is not known, for example
/// without the IAM permissions.
pub(in crate::resources) fn caches<'a>(
    cx: &'a Context<'_>,
    uses: impl Fn(&CacheCluster) -> bool + Send + 'a,
) -> BoxFuture<'a, Vec<Cache>> {
    // Boxed: the nested futures exceed the compiler's limit for types.
    Box::pin(async move {
        // No further calls after Terraform asks the provider to stop.
        if cx.scope().cancel().is_cancelled() {
            return Vec::new();
        }
        let found = async move {
            let mut nodes = cache_cluster::list(cx.scope()).await?;
            nodes.retain(uses);
            unchanging(cx, &nodes).await
        };
        found.await.unwrap_or_else(|error: AwsError| {
            tracing::info!(code = error.code(), "cannot find the caches that use the object");
            Vec::new()
        })
    })
}

/// The caches of these nodes that are not being changed.
async fn unchanging(cx: &Context<'_>, nodes: &[CacheCluster]) -> Result<Vec<Cache>, AwsError> {
    let mut by_cache: BTreeMap<Name, Vec<&CacheCluster>> = BTreeMap::new();
    for node in nodes {
        let id = node.cache_cluster_id().unwrap_or_default().to_owned();
        let name = node.replication_group_id().map_or(Name::Node(id), |group| Name::Group(group.to_owned()));
        by_cache.entry(name).or_default().push(node);
    }
    let mut found = Vec::new();
    for (name, nodes) in by_cache {
        if !nodes.iter().all(|node| node.cache_cluster_status() == Some(AVAILABLE)) {
            continue;
        }
        let window = nodes.iter().find_map(|node| deferred(node));
        if let Name::Group(id) = &name
            && !is_unchanging(cx, id, window.is_some()).await?
        {
            continue;
        }
        found.push(Cache { name, window });
    }
    Ok(found)
}

/// True for a replication group that neither AWS nor this Terraform run is changing. A change that waits for the
/// maintenance window is complete as far as this run is concerned.
async fn is_unchanging(cx: &Context<'_>, id: &str, is_deferred: bool) -> Result<bool, AwsError> {
    match cx.progress(&change_key(cx, id).await) {
        Progress::Running => return Ok(false),
        Progress::Settling if !is_deferred => return Ok(false),
        Progress::Settling | Progress::None => {}
    }
    Ok(replication_group::status(cx.scope(), id).await?.as_deref() == Some(AVAILABLE))
}

/// The maintenance window of a node with a pending change that may include another parameter group.
fn deferred(node: &CacheCluster) -> Option<String> {
    let pending = node.pending_modified_values()?;
    let waits = pending.engine_version().is_some() || pending.cache_node_type().is_some();
    waits.then(|| node.preferred_maintenance_window().unwrap_or("unknown").to_owned())
}

/// True if the replication group keeps the user group in use: it is available, has the user group, and neither AWS nor
/// this Terraform run is changing it. False if that is not known.
pub(in crate::resources) fn keeps_user_group<'a>(
    cx: &'a Context<'_>,
    id: &'a str,
    user_group: &'a str,
) -> BoxFuture<'a, bool> {
    Box::pin(async move {
        if cx.progress(&change_key(cx, id).await) != Progress::None {
            return false;
        }
        let group = match replication_group::describe(cx.scope(), id).await {
            Ok(Found::Yes(group)) => group,
            Ok(Found::Incomplete) => return false,
            Ok(Found::No(error)) | Err(error) => {
                tracing::info!(id, code = error.code(), "cannot determine whether the user group is in use");
                return false;
            }
        };
        let names = |ids: &[String]| ids.iter().any(|id| id.eq_ignore_ascii_case(user_group));
        let pending = group.pending_modified_values().and_then(|pending| pending.user_groups());
        let is_leaving = pending.is_some_and(|pending| names(pending.user_group_ids_to_remove()));
        group.status() == Some(AVAILABLE) && names(group.user_group_ids()) && !is_leaving
    })
}

/// As [`keeps_user_group`], for a serverless cache.
pub(in crate::resources) fn serverless_keeps_user_group<'a>(
    cx: &'a Context<'_>,
    name: &'a str,
    user_group: &'a str,
) -> BoxFuture<'a, bool> {
    Box::pin(async move {
        if cx.progress(&serverless_change_key(cx, name).await) != Progress::None {
            return false;
        }
        match serverless_cache::describe(cx.scope(), name).await {
            Ok(Found::Yes(cache)) => {
                let is_its = cache.user_group_id().is_some_and(|id| id.eq_ignore_ascii_case(user_group));
                serverless_cache::status_of(&cache) == serverless_cache::AVAILABLE && is_its
            }
            Ok(Found::Incomplete) => false,
            Ok(Found::No(error)) | Err(error) => {
                tracing::info!(
                    name,
                    code = error.code(),
                    "cannot determine whether the user group is in use"
                );
                false
            }
        }
    })
}
