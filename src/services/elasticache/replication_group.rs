//! Replication groups and their nodes.

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
    AwsError, LostAnswers, PageTokens, Poll, Scope, Service, WaitError, WaitPlan, is_transient, listed_or,
    unless_not_found,
};

/// The replication group does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["ReplicationGroupNotFoundFault"];

/// A replication group of that ID exists.
pub(crate) const EXISTS: &[&str] = &["ReplicationGroupAlreadyExistsFault"];

/// A group or node in the middle of another change: passes by itself.
pub(crate) const BUSY: &[&str] =
    &["InvalidReplicationGroupState", "InvalidCacheClusterState", "InvalidUserGroupState"];

/// The name of the call that removes replicas.
pub(crate) const DECREASE: &str = "DecreaseReplicaCount";

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
}

/// The group, from a listing if others are read at the same time; otherwise as [`describe`].
pub(crate) async fn find(scope: &Scope<'_>, id: &str) -> Result<Option<ReplicationGroup>, AwsError> {
    let listed = scope.reads().replication_group(id).await;
    listed_or(listed, describe(scope, id)).await
}

/// A node, from a listing if others are read at the same time; otherwise as [`describe_member`].
pub(crate) async fn find_member(scope: &Scope<'_>, id: &str) -> Result<Option<CacheCluster>, AwsError> {
    let listed = scope.reads().cache_cluster(id).await;
    listed_or(listed, describe_member(scope, id)).await
}

/// The nodes of a group as far as AWS describes them: in the middle of scaling some may be
/// missing.
pub(crate) async fn find_members(scope: &Scope<'_>, observed: &Observed) -> Vec<CacheCluster> {
    let first = observed.member.clone();
    let known = first.as_ref().and_then(|first| first.cache_cluster_id().map(str::to_owned));
    let others = observed.members().into_iter().filter(|id| Some(id) != known.as_ref());
    let others = join_all(others.map(|id| async move { find_member(scope, &id).await.ok().flatten() })).await;
    first.into_iter().chain(others.into_iter().flatten()).collect()
}

/// The group; `None` when the response holds no complete one, which is never proof that it does
/// not exist.
pub(crate) async fn describe(scope: &Scope<'_>, id: &str) -> Result<Option<ReplicationGroup>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_replication_groups().replication_group_id(id);
    let answer = scope.call(Service::ElastiCache, "DescribeReplicationGroups", call.send()).await?;
    // An answer that was cut short parses as a group without its later parts.
    Ok(answer.replication_groups.unwrap_or_default().into_iter().find(is_whole))
}

fn is_whole(group: &ReplicationGroup) -> bool {
    group.arn().is_some() && group.status().is_some()
}

/// The group's status; `None` when AWS has no such group.
pub(crate) async fn status(scope: &Scope<'_>, id: &str) -> Result<Option<String>, AwsError> {
    let found = unless_not_found(describe(scope, id).await, NOT_FOUND)?;
    Ok(found.map(|group| group.and_then(|group| group.status).unwrap_or_else(|| "unknown".to_owned())))
}

/// One node; `None` while AWS does not know it (yet, or any more).
pub(crate) async fn describe_member(scope: &Scope<'_>, id: &str) -> Result<Option<CacheCluster>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_cache_clusters().cache_cluster_id(id).show_cache_node_info(true);
    match scope.call(Service::ElastiCache, "DescribeCacheClusters", call.send()).await {
        Ok(answer) => Ok(answer.cache_clusters.unwrap_or_default().into_iter().find(|m| m.arn().is_some())),
        Err(error) if error.is(MEMBER_NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Every group of the Region but those being deleted; `None` when the response is incomplete.
pub(crate) async fn list(scope: &Scope<'_>) -> Result<Option<Vec<ReplicationGroup>>, AwsError> {
    let (mut pages, mut groups) = (Listing::new(scope), Vec::new());
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
pub(crate) struct Listing<'a> {
    scope: &'a Scope<'a>,
    /// `None` after the last page.
    tokens: Option<PageTokens>,
}

impl<'a> Listing<'a> {
    /// A listing from the first page on.
    pub(crate) fn new(scope: &'a Scope<'a>) -> Self {
        Self { scope, tokens: Some(PageTokens::new(Service::ElastiCache, "DescribeReplicationGroups")) }
    }

    /// The next page; `None` after the last one.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<ReplicationGroup>>, AwsError> {
        let Some(tokens) = &mut self.tokens else { return Ok(None) };
        let client = self.scope.elasticache().await?;
        let call = client.describe_replication_groups().set_marker(tokens.next());
        let answer = self.scope.call(Service::ElastiCache, "DescribeReplicationGroups", call.send()).await?;
        if !tokens.advance(answer.marker)? {
            self.tokens = None;
        }
        Ok(Some(answer.replication_groups.unwrap_or_default()))
    }
}

/// One attempt to create a group. `attempts` learns of attempts that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    call: CreateReplicationGroupFluentBuilder,
    attempts: &LostAnswers,
) -> Result<Option<ReplicationGroup>, AwsError> {
    let call = call.customize().interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CreateReplicationGroup", call.send()).await?;
    Ok(answer.replication_group)
}

/// One attempt to modify a group; false when AWS found nothing to modify. `attempts` learns of
/// attempts that were not answered.
pub(crate) async fn modify(
    scope: &Scope<'_>,
    call: ModifyReplicationGroupFluentBuilder,
    attempts: &LostAnswers,
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
    attempts: &LostAnswers,
) -> Result<(), AwsError> {
    let call = call.customize().interceptor(attempts.clone());
    scope.call(Service::ElastiCache, "ModifyReplicationGroupShardConfiguration", call.send()).await.map(drop)
}

/// One attempt to add replicas. `attempts` learns of attempts that were not answered.
pub(crate) async fn increase_replicas(
    scope: &Scope<'_>,
    call: IncreaseReplicaCountFluentBuilder,
    attempts: &LostAnswers,
) -> Result<(), AwsError> {
    let call = call.customize().interceptor(attempts.clone());
    scope.call(Service::ElastiCache, "IncreaseReplicaCount", call.send()).await.map(drop)
}

/// One attempt to remove replicas. `attempts` learns of attempts that were not answered.
pub(crate) async fn decrease_replicas(
    scope: &Scope<'_>,
    call: DecreaseReplicaCountFluentBuilder,
    attempts: &LostAnswers,
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
            // A delete whose answer was lost: it is under way, so there is nothing to repeat.
            Err(error) if (error.is(BUSY) || is_transient(&error)) && is_deleting(scope, id).await => Ok(()),
            answer => answer.map(drop),
        }
    });
    deleted.await
}

/// True when the group is being deleted, or is gone already.
async fn is_deleting(scope: &Scope<'_>, id: &str) -> bool {
    match describe(scope, id).await {
        Ok(group) => group.is_some_and(|group| group.status() == Some("deleting")),
        Err(error) => error.is(NOT_FOUND),
    }
}

/// Waits until the group and every node is available and nothing of `awaited` is missing. A
/// group may say that it is while a node is still being created, and then refuses the next change.
pub(crate) async fn wait_available(
    scope: &Scope<'_>,
    id: &str,
    awaited: &impl Awaited,
) -> Result<Observed, WaitError> {
    let plan = WaitPlan::new(format!("replication group {id:?} to be available"), scope.time_left());
    let _waiting = scope.reads().waiting();
    scope.wait_sharing(&plan, |since| poll(scope, id, awaited, since)).await
}

async fn poll(
    scope: &Scope<'_>,
    id: &str,
    awaited: &impl Awaited,
    since: Instant,
) -> Result<Poll<Observed>, AwsError> {
    let pending = |status: &str| Poll::Pending { status: status.to_owned() };
    let failed = |status: &str, reason: String| Ok(Poll::Failed { status: status.to_owned(), reason });
    let group = match group_since(scope, id, since).await {
        Ok(Some(group)) => group,
        Ok(None) => return Ok(pending("unknown")),
        Err(error) if awaited.is_new() && error.is(NOT_FOUND) => return Ok(pending("not visible yet")),
        Err(error) => return Err(error),
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
    Ok(Poll::Ready(Observed { group, member: first }))
}

/// The group as another wait has read it since then, or else as AWS returns it now.
async fn group_since(
    scope: &Scope<'_>,
    id: &str,
    since: Instant,
) -> Result<Option<ReplicationGroup>, AwsError> {
    let seen = scope.reads().since(since).replication_group(id).await;
    listed_or(seen.filter(|group| group.status().is_some()), describe(scope, id)).await
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
            found.extend(listed_or(reads.cache_cluster(id).await, describe_member(scope, id)).await?);
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
    let _waiting = scope.reads().waiting();
    let gone = scope.wait_sharing(&plan, async |since| match group_since(scope, id, since).await {
        Ok(group) => {
            let status = group.as_ref().and_then(|g| g.status()).unwrap_or("unknown").to_owned();
            Ok(Poll::Pending { status })
        }
        Err(error) if error.is(NOT_FOUND) => Ok(Poll::Ready(())),
        Err(error) => Err(error),
    });
    gone.await
}
