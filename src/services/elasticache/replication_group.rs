//! Replication groups and their nodes.

use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_elasticache::config::Builder;
use aws_sdk_elasticache::config::retry::RetryConfig;
use aws_sdk_elasticache::operation::create_replication_group::builders::CreateReplicationGroupFluentBuilder;
use aws_sdk_elasticache::operation::decrease_replica_count::builders::DecreaseReplicaCountFluentBuilder;
use aws_sdk_elasticache::operation::increase_replica_count::builders::IncreaseReplicaCountFluentBuilder;
use aws_sdk_elasticache::operation::modify_replication_group::builders::ModifyReplicationGroupFluentBuilder;
use aws_sdk_elasticache::operation::modify_replication_group_shard_configuration::builders::ModifyReplicationGroupShardConfigurationFluentBuilder;
use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup};
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::aws::{
    AwsError, Found, Listing, PageTokens, Poll, Scope, Service, UnansweredAttempts, WaitError, WaitPlan,
    is_named, is_transient, listed_or,
};
use crate::services::elasticache::{BUSY, snapshot};

/// The replication group does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["ReplicationGroupNotFoundFault"];

/// A replication group of that ID exists.
pub(crate) const EXISTS: &[&str] = &["ReplicationGroupAlreadyExistsFault"];

/// The name of the call that removes replicas.
pub(crate) const DECREASE: &str = "DecreaseReplicaCount";

/// The shortest duration of a creation: creation and deletion of a small group take 9 to 13 minutes together
/// (hashicorp/terraform-provider-aws, pull requests 44879 and 49268).
const CREATION: Duration = Duration::from_secs(240);

const MEMBER_NOT_FOUND: &[&str] = &["CacheClusterNotFound"];

/// Up to so many members are described one by one; more with one listing.
const FEW: usize = 5;

/// A replication group as AWS returns it. Some of its settings AWS returns with its nodes only; one
/// stands for all.
#[derive(Debug, Clone)]
pub(crate) struct Observed {
    pub(crate) group: ReplicationGroup,
    /// `None` while no node can be described, as in the middle of scaling.
    pub(crate) member: Option<CacheCluster>,
}

impl Observed {
    /// The IDs of the nodes, sorted: an order that does not depend on AWS's mood.
    pub(crate) fn members(&self) -> Vec<String> {
        let mut members = self.group.member_clusters().to_vec();
        members.sort();
        members
    }
}

/// What a wait is for, beyond a group that is available. A group may still say that it is for a
/// moment after AWS has accepted a change.
pub(crate) trait Awaited: Sync {
    /// True for a group that AWS may not know for a moment after it has accepted it.
    fn is_new(&self) -> bool;

    /// What is still missing; `None` when the group is as desired.
    fn missing(&self, group: &ReplicationGroup) -> Option<String>;

    /// What differs from the change that AWS has accepted although the group and its nodes are available, to complete
    /// "AWS has accepted the change, but"; `None` if nothing does. A difference that stays for [`SETTLED`] is a change
    /// that AWS has given up, such as one to a node type that is too small for the data.
    fn unmet(&self, _observed: &Observed) -> Option<String> {
        None
    }
}

/// How long a group may be available with its old values after AWS has accepted a change. hashicorp/aws polls for the
/// first time after 30 seconds, because the group may still be available until then.
const SETTLED: Duration = Duration::from_secs(120);

/// The group, from a listing if others are read at the same time; otherwise as [`describe`].
pub(crate) async fn find(scope: &Scope<'_>, id: &str) -> Result<Found<ReplicationGroup>, AwsError> {
    let listed = scope.reads().replication_group(id).await;
    listed_or(listed, describe(scope, id)).await
}

/// A node, from a listing if others are read at the same time; otherwise as [`describe_member`].
pub(crate) async fn find_member(scope: &Scope<'_>, id: &str) -> Result<Found<CacheCluster>, AwsError> {
    let listed = scope.reads().cache_cluster(id).await;
    listed_or(listed, describe_member(scope, id)).await
}

/// The nodes of a group as far as AWS describes them: in the middle of scaling some may be
/// missing.
pub(crate) async fn find_members(scope: &Scope<'_>, observed: &Observed) -> Vec<CacheCluster> {
    let first = observed.member.clone();
    let known = first.as_ref().and_then(|first| first.cache_cluster_id().map(str::to_owned));
    let others = observed.members().into_iter().filter(|id| Some(id) != known.as_ref());
    let others =
        join_all(others.map(|id| async move { find_member(scope, &id).await.ok().and_then(Found::yes) }))
            .await;
    first.into_iter().chain(others.into_iter().flatten()).collect()
}

/// The group, by a call of its own.
pub(crate) async fn describe(scope: &Scope<'_>, id: &str) -> Result<Found<ReplicationGroup>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_replication_groups().replication_group_id(id);
    let answer = scope.call(Service::ElastiCache, "DescribeReplicationGroups", call.send()).await;
    // An answer that was cut short parses as a group without its later parts.
    Found::named(
        answer.map(|answer| answer.replication_groups),
        (Service::ElastiCache, "DescribeReplicationGroups"),
        id,
        ReplicationGroup::replication_group_id,
        is_whole,
        NOT_FOUND,
    )
}

fn is_whole(group: &ReplicationGroup) -> bool {
    group.arn().is_some() && group.status().is_some()
}

/// The group's status; `None` when AWS has no such group.
pub(crate) async fn status(scope: &Scope<'_>, id: &str) -> Result<Option<String>, AwsError> {
    Ok(describe(scope, id).await?.status(|group| group.status))
}

/// One node, by a call of its own.
pub(crate) async fn describe_member(scope: &Scope<'_>, id: &str) -> Result<Found<CacheCluster>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_cache_clusters().cache_cluster_id(id).show_cache_node_info(true);
    let answer = scope.call(Service::ElastiCache, "DescribeCacheClusters", call.send()).await;
    let whole = |member: &CacheCluster| member.arn().is_some();
    Found::named(
        answer.map(|answer| answer.cache_clusters),
        (Service::ElastiCache, "DescribeCacheClusters"),
        id,
        CacheCluster::cache_cluster_id,
        whole,
        MEMBER_NOT_FOUND,
    )
}

/// Every group of the Region but those being deleted; `None` when the response is incomplete.
pub(crate) async fn list(scope: &Scope<'_>) -> Result<Option<Vec<ReplicationGroup>>, AwsError> {
    let (mut pages, mut groups) = (listing(scope), Vec::new());
    while let Some(page) = pages.next().await? {
        groups.extend(page);
    }
    if !groups.iter().all(is_whole) {
        return Ok(None);
    }
    groups.retain(|group| group.status() != Some("deleting"));
    Ok(Some(groups))
}

/// The replication groups of the Region, page by page.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>) -> Listing<'a, ReplicationGroup> {
    Listing::new(Service::ElastiCache, "DescribeReplicationGroups", move |marker| async move {
        let client = scope.elasticache().await?;
        let call = client.describe_replication_groups().set_marker(marker);
        let answer = scope.call(Service::ElastiCache, "DescribeReplicationGroups", call.send()).await?;
        Ok((answer.replication_groups, answer.marker))
    })
}

/// One attempt to create a group. `attempts` learns of attempts that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    call: CreateReplicationGroupFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Option<ReplicationGroup>, AwsError> {
    let requested = call.get_replication_group_id().clone();
    let call = call.customize().interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CreateReplicationGroup", call.send()).await?;
    Ok(answer.replication_group.filter(|group| is_named(group.replication_group_id(), requested.as_deref())))
}

/// One attempt to modify a group; false when AWS found nothing to modify. `attempts` learns of
/// attempts that were not answered.
pub(crate) async fn modify(
    scope: &Scope<'_>,
    call: ModifyReplicationGroupFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<bool, AwsError> {
    let changes_token = call.get_auth_token_update_strategy().is_some();
    let mut call = call.customize().interceptor(attempts.clone());
    if changes_token {
        // A second rotation of the same token removes the one that clients still use, so the SDK must not repeat
        // it.
        call = call.config_override(Builder::new().retry_config(RetryConfig::disabled()));
    }
    match scope.call(Service::ElastiCache, "ModifyReplicationGroup", call.send()).await {
        Ok(_) => Ok(true),
        // The requested values are in effect already.
        Err(error) if finds_nothing_to_modify(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

fn finds_nothing_to_modify(error: &AwsError) -> bool {
    error.is(&["InvalidParameterCombination"])
        && error.message().is_some_and(|text| text.contains("No modifications were requested"))
}

/// One attempt to add or remove shards. `attempts` learns of attempts that were not answered.
pub(crate) async fn modify_shards(
    scope: &Scope<'_>,
    call: ModifyReplicationGroupShardConfigurationFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let call = call.customize().interceptor(attempts.clone());
    scope.call(Service::ElastiCache, "ModifyReplicationGroupShardConfiguration", call.send()).await.map(drop)
}

/// One attempt to add replicas. `attempts` learns of attempts that were not answered.
pub(crate) async fn increase_replicas(
    scope: &Scope<'_>,
    call: IncreaseReplicaCountFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let call = call.customize().interceptor(attempts.clone());
    scope.call(Service::ElastiCache, "IncreaseReplicaCount", call.send()).await.map(drop)
}

/// One attempt to remove replicas. `attempts` learns of attempts that were not answered.
pub(crate) async fn decrease_replicas(
    scope: &Scope<'_>,
    call: DecreaseReplicaCountFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let call = call.customize().interceptor(attempts.clone());
    scope.call(Service::ElastiCache, DECREASE, call.send()).await.map(drop)
}

/// Deletes the group once it is in the middle of nothing else.
pub(crate) async fn delete(
    scope: &Scope<'_>,
    id: &str,
    final_snapshot: Option<&str>,
) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let deleted = scope.retry(BUSY, async || {
        let call = client
            .delete_replication_group()
            .replication_group_id(id)
            .set_final_snapshot_identifier(final_snapshot.map(str::to_owned));
        match scope.call(Service::ElastiCache, "DeleteReplicationGroup", call.send()).await {
            // A delete whose answer was lost: it is under way, so there is nothing to repeat. Its final snapshot then
            // exists as well.
            Err(error) if may_be_repeated(&error) && is_deleting(scope, id).await => Ok(()),
            answer => answer.map(drop),
        }
    });
    deleted.await
}

fn may_be_repeated(error: &AwsError) -> bool {
    error.is(BUSY) || error.is(snapshot::EXISTS) || is_transient(error)
}

/// True when the group is being deleted, or is gone already.
async fn is_deleting(scope: &Scope<'_>, id: &str) -> bool {
    match describe(scope, id).await {
        Ok(Found::Yes(group)) => group.status() == Some("deleting"),
        Ok(Found::No(_)) => true,
        Ok(Found::Incomplete) | Err(_) => false,
    }
}

/// Waits until the group and every node is available and nothing of `awaited` is missing. A
/// group may say that it is while a node is still being created, and then refuses the next change.
pub(crate) async fn wait_available(
    scope: &Scope<'_>,
    id: &str,
    awaited: &impl Awaited,
) -> Result<Observed, WaitError> {
    let earliest = if awaited.is_new() { CREATION } else { Duration::ZERO };
    let plan = WaitPlan {
        earliest,
        ..WaitPlan::new(format!("replication group {id:?} to be available"), scope.time_left())
    };
    let waiting = scope.reads().waiting();
    let unmet_since = OnceLock::new();
    scope.wait_sharing(&plan, &waiting, |since| poll(scope, id, awaited, since, &unmet_since)).await
}

async fn poll(
    scope: &Scope<'_>,
    id: &str,
    awaited: &impl Awaited,
    since: Instant,
    unmet_since: &OnceLock<Instant>,
) -> Result<Poll<Observed>, AwsError> {
    let pending = |status: &str| Poll::Pending { status: status.to_owned() };
    let failed = |status: &str, reason: String| Ok(Poll::Failed { status: status.to_owned(), reason });
    let group = match group_since(scope, id, since).await? {
        Found::Yes(group) => group,
        Found::Incomplete => return Ok(pending("unknown")),
        Found::No(_) if awaited.is_new() => return Ok(pending("not visible yet")),
        Found::No(refusal) => return Err(refusal),
    };
    match group.status() {
        Some("available") => {}
        Some(status @ "create-failed") => {
            return failed(status, "AWS failed to create it. Destroy it before the next apply.".to_owned());
        }
        Some(status @ "deleting") => {
            return failed(status, "It is being deleted outside of this apply.".to_owned());
        }
        status => return Ok(pending(status.unwrap_or("unknown"))),
    }
    if let Some(missing) = awaited.missing(&group) {
        return Ok(pending(&format!("available, but {missing}")));
    }
    let mut ids = group.member_clusters().to_vec();
    ids.sort();
    let found = members_since(scope, &ids, since).await?;
    for id in &ids {
        let member = found.iter().find(|member| member.cache_cluster_id() == Some(id));
        match member.and_then(CacheCluster::cache_cluster_status) {
            Some("available") => {}
            Some(status @ ("incompatible-network" | "restore-failed")) => {
                return failed(status, format!("This is the final status of its node {id}."));
            }
            status => return Ok(pending(&format!("node {id} {}", status.unwrap_or("not visible")))),
        }
    }
    let first = ids.first().and_then(|id| found.into_iter().find(|m| m.cache_cluster_id() == Some(id)));
    let observed = Observed { group, member: first };
    match awaited.unmet(&observed) {
        None => Ok(Poll::Ready(observed)),
        Some(unmet) if unmet_since.get_or_init(Instant::now).elapsed() < SETTLED => {
            Ok(pending(&format!("available, but {unmet}")))
        }
        Some(unmet) => failed("available", format!("AWS has accepted the change, but {unmet}.")),
    }
}

/// The group as another wait has read it since then, or else as AWS returns it now.
async fn group_since(
    scope: &Scope<'_>,
    id: &str,
    since: Instant,
) -> Result<Found<ReplicationGroup>, AwsError> {
    let visited = scope.reads().since(since).replication_group(id).await;
    listed_or(visited.filter(|group| group.status().is_some()), describe(scope, id)).await
}

/// The nodes with these IDs, as far as AWS returns them, as they are now or were since then.
async fn members_since(
    scope: &Scope<'_>,
    ids: &[String],
    since: Instant,
) -> Result<Vec<CacheCluster>, AwsError> {
    let mut found = Vec::new();
    if ids.len() <= FEW {
        let reads = scope.reads().since(since);
        for id in ids {
            found.extend(listed_or(reads.cache_cluster(id).await, describe_member(scope, id)).await?.yes());
        }
        return Ok(found);
    }
    let client = scope.elasticache().await?;
    let mut tokens = PageTokens::new(Service::ElastiCache, "DescribeCacheClusters");
    loop {
        let call = client.describe_cache_clusters().show_cache_node_info(true).set_marker(tokens.next());
        let answer = scope.call(Service::ElastiCache, "DescribeCacheClusters", call.send()).await?;
        let ours =
            |member: &CacheCluster| member.cache_cluster_id().is_some_and(|id| ids.iter().any(|i| i == id));
        found.extend(answer.cache_clusters.unwrap_or_default().into_iter().filter(ours));
        if found.len() >= ids.len() || !tokens.advance(answer.marker)? {
            return Ok(found);
        }
    }
}

/// Waits until AWS no longer has the group.
pub(crate) async fn wait_deleted(scope: &Scope<'_>, id: &str) -> Result<(), WaitError> {
    let plan = WaitPlan::new(format!("replication group {id:?} to be gone"), scope.time_left());
    let waiting = scope.reads().waiting();
    let gone = scope.wait_sharing(&plan, &waiting, async |since| {
        Ok(match group_since(scope, id, since).await?.status(|group| group.status) {
            Some(status) => Poll::Pending { status },
            None => Poll::Ready(()),
        })
    });
    gone.await
}
