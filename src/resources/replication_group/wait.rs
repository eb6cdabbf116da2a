//! Describing a group and its nodes, and waiting for both.

use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup, SourceType};
use tokio::time::Instant;

use super::live::Live;
use crate::aws::{AwsError, Poll, Service, WaitPlan, wait_for};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};

/// The fault that says a group does not exist.
pub(super) const GROUP_NOT_FOUND: &[&str] = &["ReplicationGroupNotFoundFault"];
const MEMBER_NOT_FOUND: &[&str] = &["CacheClusterNotFound"];

/// Up to so many members are described one by one; more with one listing.
const FEW: usize = 5;

/// The group; `None` when the answer holds none that is whole, which is never proof
/// that it is gone.
pub(super) async fn group(cx: &Context<'_>, id: &str) -> Result<Option<ReplicationGroup>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client.describe_replication_groups().replication_group_id(id);
    let answer = cx.call(Service::ElastiCache, "DescribeReplicationGroups", call.send()).await?;
    // An answer that was cut short parses as a group without its later parts.
    Ok(answer
        .replication_groups
        .unwrap_or_default()
        .into_iter()
        .find(|g| g.arn().is_some() && g.status().is_some()))
}

/// One member; `None` while AWS does not know it (yet, or any more).
pub(super) async fn member(cx: &Context<'_>, id: &str) -> Result<Option<CacheCluster>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client.describe_cache_clusters().cache_cluster_id(id).show_cache_node_info(true);
    match cx.call(Service::ElastiCache, "DescribeCacheClusters", call.send()).await {
        Ok(answer) => Ok(answer.cache_clusters.unwrap_or_default().into_iter().find(|m| m.arn().is_some())),
        Err(error) if error.is(MEMBER_NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The members with these ids, as far as AWS shows them.
async fn members(cx: &Context<'_>, ids: &[String]) -> Result<Vec<CacheCluster>, AwsError> {
    let mut found = Vec::new();
    if ids.len() <= FEW {
        for id in ids {
            found.extend(member(cx, id).await?);
        }
        return Ok(found);
    }
    let client = cx.aws().elasticache(cx.region()).await?;
    let mut marker = None;
    loop {
        let call = client.describe_cache_clusters().show_cache_node_info(true).set_marker(marker.take());
        let answer = cx.call(Service::ElastiCache, "DescribeCacheClusters", call.send()).await?;
        marker = answer.marker;
        let ours =
            |member: &CacheCluster| member.cache_cluster_id().is_some_and(|id| ids.iter().any(|i| i == id));
        found.extend(answer.cache_clusters.unwrap_or_default().into_iter().filter(ours));
        if marker.is_none() || found.len() >= ids.len() {
            return Ok(found);
        }
    }
}

/// Waits until the group and every member is available. A group may say so while a
/// member is still being made, and then refuses the next change.
///
/// `creating`: AWS may not know the group for a moment after it has accepted it.
pub(super) async fn available(
    cx: &Context<'_>,
    id: &str,
    deadline: Instant,
    creating: bool,
    what: &str,
) -> Result<Live, Diagnostics> {
    let timeout = deadline.saturating_duration_since(Instant::now());
    let plan = WaitPlan::new(format!("replication group {id:?} to be available"), timeout);
    let waited = wait_for(cx.cancel(), &plan, async || poll(cx, id, creating).await).await;
    match waited {
        Ok(live) => Ok(live),
        Err(error) => {
            let mut detail = error.to_string();
            for event in events(cx, id).await {
                detail.push_str("\n- ");
                detail.push_str(&event);
            }
            Err(Diagnostic::error(format!("Failed to {what}"), detail).into())
        }
    }
}

async fn poll(cx: &Context<'_>, id: &str, creating: bool) -> Result<Poll<Live>, AwsError> {
    let pending = |status: &str| Poll::Pending { status: status.to_owned() };
    let group = match group(cx, id).await {
        Ok(Some(group)) => group,
        Ok(None) => return Ok(pending("unknown")),
        Err(error) if creating && error.is(GROUP_NOT_FOUND) => return Ok(pending("not visible yet")),
        Err(error) => return Err(error),
    };
    match group.status() {
        Some("available") => {}
        Some(status @ ("create-failed" | "deleting")) => {
            return Ok(Poll::Failed {
                status: status.to_owned(),
                reason: "AWS's events of the group say more".to_owned(),
            });
        }
        status => return Ok(pending(status.unwrap_or("unknown"))),
    }
    let mut ids = group.member_clusters().to_vec();
    ids.sort();
    let found = members(cx, &ids).await?;
    for id in &ids {
        let member = found.iter().find(|member| member.cache_cluster_id() == Some(id));
        match member.and_then(CacheCluster::cache_cluster_status) {
            Some("available") => {}
            status => return Ok(pending(&format!("node {id} {}", status.unwrap_or("not visible")))),
        }
    }
    let first = ids.first().and_then(|id| found.into_iter().find(|m| m.cache_cluster_id() == Some(id)));
    Ok(Poll::Ready(Live { group, member: first }))
}

/// Waits until AWS no longer knows the group.
pub(super) async fn gone(cx: &Context<'_>, id: &str, deadline: Instant) -> Result<(), Diagnostics> {
    let timeout = deadline.saturating_duration_since(Instant::now());
    let plan = WaitPlan::new(format!("replication group {id:?} to be gone"), timeout);
    let waited = wait_for(cx.cancel(), &plan, async || match group(cx, id).await {
        Ok(group) => {
            let status = group.as_ref().and_then(|g| g.status()).unwrap_or("unknown").to_owned();
            Ok(Poll::Pending { status })
        }
        Err(error) if error.is(GROUP_NOT_FOUND) => Ok(Poll::Ready(())),
        Err(error) => Err(error),
    })
    .await;
    waited.map_err(|error| {
        Diagnostic::error(format!("Failed to delete replication group {id:?}"), error.to_string()).into()
    })
}

/// What AWS has to say of the group, the latest five events; none when they cannot be had.
async fn events(cx: &Context<'_>, id: &str) -> Vec<String> {
    let Ok(client) = cx.aws().elasticache(cx.region()).await else {
        return Vec::new();
    };
    let call = client
        .describe_events()
        .source_type(SourceType::ReplicationGroup)
        .source_identifier(id)
        .duration(120);
    let Ok(answer) = cx.call(Service::ElastiCache, "DescribeEvents", call.send()).await else {
        return Vec::new();
    };
    let mut messages: Vec<String> =
        answer.events().iter().filter_map(|e| e.message().map(str::to_owned)).collect();
    messages.drain(..messages.len().saturating_sub(5));
    messages
}

/// The diagnostic of a failed describe.
pub(super) fn unreadable(id: &str, error: &AwsError) -> Diagnostics {
    failed(format!("read replication group {id:?}"), error).into()
}
