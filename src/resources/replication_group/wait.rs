//! Describing a group and its nodes, and waiting for both.

use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup, SourceType};
use tokio::time::Instant;

use super::layout::Layout;
use super::live::Live;
use super::scaling::Replicas;
use crate::aws::{AwsError, PageTokens, Poll, Service, WaitFailure, WaitPlan, listed_or, wait_sharing};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::elasticache;

/// The fault that says a group does not exist.
pub(crate) const GROUP_NOT_FOUND: &[&str] = &["ReplicationGroupNotFoundFault"];
const MEMBER_NOT_FOUND: &[&str] = &["CacheClusterNotFound"];

/// Up to so many members are described one by one; more with one listing.
const FEW: usize = 5;

/// The group; `None` when the answer holds none that is whole, which is never proof
/// that it is gone.
pub(in crate::resources) async fn group(
    cx: &Context<'_>,
    id: &str,
) -> Result<Option<ReplicationGroup>, AwsError> {
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

/// The group's status; `None` when AWS has no such group.
pub(in crate::resources) async fn status(cx: &Context<'_>, id: &str) -> Result<Option<String>, AwsError> {
    match group(cx, id).await {
        Ok(group) => Ok(Some(group.and_then(|group| group.status).unwrap_or_else(|| "unknown".to_owned()))),
        Err(error) if error.is(GROUP_NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
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

/// The group as another wait saw it since then, or else as AWS says now.
async fn group_since(
    cx: &Context<'_>,
    id: &str,
    since: Instant,
) -> Result<Option<ReplicationGroup>, AwsError> {
    let seen = cx.aws().reads(cx.region()).since(since).replication_group(id).await;
    listed_or(seen.filter(|group| group.status().is_some()), group(cx, id)).await
}

/// The members with these ids, as far as AWS shows them, as they are now or were since then.
async fn members(cx: &Context<'_>, ids: &[String], since: Instant) -> Result<Vec<CacheCluster>, AwsError> {
    let mut found = Vec::new();
    if ids.len() <= FEW {
        let reads = cx.aws().reads(cx.region()).since(since);
        for id in ids {
            found.extend(listed_or(reads.cache_cluster(id).await, member(cx, id)).await?);
        }
        return Ok(found);
    }
    let client = cx.aws().elasticache(cx.region()).await?;
    let mut tokens = PageTokens::new(Service::ElastiCache, "DescribeCacheClusters");
    loop {
        let call = client.describe_cache_clusters().show_cache_node_info(true).set_marker(tokens.next());
        let answer = cx.call(Service::ElastiCache, "DescribeCacheClusters", call.send()).await?;
        let ours =
            |member: &CacheCluster| member.cache_cluster_id().is_some_and(|id| ids.iter().any(|i| i == id));
        found.extend(answer.cache_clusters.unwrap_or_default().into_iter().filter(ours));
        if found.len() >= ids.len() || !tokens.advance(answer.marker)? {
            return Ok(found);
        }
    }
}

/// What a change leads to, beyond a group that is available. A group may still say
/// so for a moment after AWS has accepted a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Goal<'a> {
    /// The group exists; AWS may not know it for a moment after it has accepted it.
    Created,
    /// It has changed in a way that does not show, or that AWS carries out later.
    Changed,
    /// It has so many shards.
    Shards(i32),
    /// Shards have so many replicas, as far as the change goes in this direction.
    Replicas(&'a Replicas, Direction),
    /// TLS is on or off, or its mode changed, and nothing of that is pending.
    Tls(Option<bool>),
}

/// Whether replicas are added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

impl Direction {
    /// True when this many replicas are to become more, or fewer.
    pub(super) fn is_open(self, replicas: i32, goal: i32) -> bool {
        match self {
            Direction::Up => replicas < goal,
            Direction::Down => replicas > goal,
        }
    }
}

impl Goal<'_> {
    /// What is still missing; `None` when the group is as wanted.
    pub(super) fn missing(self, group: &ReplicationGroup) -> Option<String> {
        match self {
            Goal::Created | Goal::Changed => None,
            Goal::Shards(_) | Goal::Replicas(..) => self.missing_of(&Layout::of_group(group)),
            Goal::Tls(on) => {
                let pending = group.pending_modified_values().is_some_and(|pending| {
                    pending.transit_encryption_enabled.is_some() || pending.transit_encryption_mode.is_some()
                });
                let other = on.is_some() && group.transit_encryption_enabled.is_some_and(|is| Some(is) != on);
                (pending || other).then(|| "the change of TLS is pending".to_owned())
            }
        }
    }
}

/// A change that ended before the group was as wanted.
#[derive(Debug)]
pub(super) struct Unfinished {
    /// Why.
    pub error: Diagnostic,
    /// What became of the change.
    pub left: Left,
}

/// What became of a change that did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// AWS did not make it.
    Undone,
    /// It was sent, and no answer came.
    Unanswered,
    /// AWS goes on with what it has accepted: only the waiting ended.
    UnderWay,
}

/// Waits until the group and every member is available and the goal is reached. A
/// group may say that it is while a member is still being made, and then refuses the
/// next change.
pub(super) async fn available(
    cx: &Context<'_>,
    id: &str,
    deadline: Instant,
    goal: Goal<'_>,
    what: &str,
) -> Result<Live, Unfinished> {
    let timeout = deadline.saturating_duration_since(Instant::now());
    let plan = WaitPlan::new(format!("replication group {id:?} to be available"), timeout);
    let _waiting = cx.aws().reads(cx.region()).waiting();
    let waited = wait_sharing(cx.cancel(), &plan, |since| poll(cx, id, goal, since)).await;
    match waited {
        Ok(live) => Ok(live),
        Err(error) => {
            let mut detail = error.to_string();
            // Nobody waits for more once Terraform is asked to stop.
            let events = if cx.cancel().is_cancelled() {
                Vec::new()
            } else {
                elasticache::events(cx, SourceType::ReplicationGroup, id).await
            };
            if !events.is_empty() {
                detail.push_str("\nAWS's latest events of the group:");
            }
            for event in events {
                detail.push_str("\n- ");
                detail.push_str(&event);
            }
            let left = match &error.failure {
                WaitFailure::Failed { .. } => Left::Undone,
                WaitFailure::Poll(error) if error.is(GROUP_NOT_FOUND) => Left::Undone,
                WaitFailure::TimedOut | WaitFailure::Cancelled | WaitFailure::Poll(_) => Left::UnderWay,
            };
            Err(Unfinished { error: Diagnostic::error(format!("Failed to {what}"), detail), left })
        }
    }
}

async fn poll(cx: &Context<'_>, id: &str, goal: Goal<'_>, since: Instant) -> Result<Poll<Live>, AwsError> {
    let pending = |status: &str| Poll::Pending { status: status.to_owned() };
    let failed = |status: &str, reason: String| Ok(Poll::Failed { status: status.to_owned(), reason });
    let group = match group_since(cx, id, since).await {
        Ok(Some(group)) => group,
        Ok(None) => return Ok(pending("unknown")),
        Err(error) if goal == Goal::Created && error.is(GROUP_NOT_FOUND) => {
            return Ok(pending("not visible yet"));
        }
        Err(error) => return Err(error),
    };
    match group.status() {
        Some("available") => {}
        Some(status @ "create-failed") => {
            return failed(status, "AWS could not make it; destroy it before the next try.".to_owned());
        }
        Some(status @ "deleting") => return failed(status, "Somebody else is deleting it.".to_owned()),
        status => return Ok(pending(status.unwrap_or("unknown"))),
    }
    if let Some(missing) = goal.missing(&group) {
        return Ok(pending(&format!("available, but {missing}")));
    }
    let mut ids = group.member_clusters().to_vec();
    ids.sort();
    let found = members(cx, &ids, since).await?;
    for id in &ids {
        let member = found.iter().find(|member| member.cache_cluster_id() == Some(id));
        match member.and_then(CacheCluster::cache_cluster_status) {
            Some("available") => {}
            Some(status @ ("incompatible-network" | "restore-failed")) => {
                return failed(status, format!("That is the status of its node {id}, which does not pass."));
            }
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
    let _waiting = cx.aws().reads(cx.region()).waiting();
    let waited = wait_sharing(cx.cancel(), &plan, async |since| match group_since(cx, id, since).await {
        Ok(group) => {
            let status = group.as_ref().and_then(|g| g.status()).unwrap_or("unknown").to_owned();
            Ok(Poll::Pending { status })
        }
        Err(error) if error.is(GROUP_NOT_FOUND) => Ok(Poll::Ready(())),
        Err(error) => Err(error),
    })
    .await;
    waited.map_err(|error| {
        let mut detail = error.to_string();
        if matches!(error.failure, WaitFailure::TimedOut | WaitFailure::Cancelled) {
            detail.push_str(" AWS has accepted the deletion and goes on with it.");
        }
        Diagnostic::error(format!("Failed to delete replication group {id:?}"), detail).into()
    })
}

/// The diagnostic of a failed describe.
pub(super) fn unreadable(id: &str, error: &AwsError) -> Diagnostics {
    failed(format!("read replication group {id:?}"), error).into()
}
