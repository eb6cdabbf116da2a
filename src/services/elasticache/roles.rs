//! Which node of a shard is the primary, and the calls that move it to another node.

use std::collections::BTreeSet;

use aws_sdk_elasticache::config::Builder;
use aws_sdk_elasticache::config::retry::RetryConfig;
use aws_sdk_elasticache::types::{ClusterMode, Event, NodeGroup, NodeGroupMember, ReplicationGroup};
use aws_smithy_types::DateTime;

use crate::aws::{AwsError, Poll, Scope, Service, UnansweredAttempts, WaitError, WaitPlan};
use crate::services::elasticache::{BUSY, events, replication_group};

/// "up to 15 shards in any rolling 24-hour period" (API reference, TestFailover).
pub(crate) const TESTS_PER_DAY: usize = 15;

/// The API refuses a test failover because [`TESTS_PER_DAY`] is reached.
pub(crate) const TOO_MANY_TESTS: &[&str] = &["APICallRateForCustomerExceeded"];

/// Whether a refusal of a test failover passes by itself. The SDK does not repeat the request, so throttling is among them.
pub(crate) fn passes(error: &AwsError) -> bool {
    error.is(BUSY) || error.is(&["Throttling"])
}

/// How far back events are read to see the end of a failover, in minutes.
const RECENT: i32 = 60;

/// The minutes of a day.
const DAY: i32 = 24 * 60;

/// The API accepts a promotion and refuses a reboot only without cluster mode.
pub(crate) fn has_cluster_mode(group: &ReplicationGroup) -> bool {
    match group.cluster_mode() {
        Some(mode) => *mode == ClusterMode::Enabled,
        None => group.cluster_enabled() == Some(true),
    }
}

/// The shard of that ID.
pub(crate) fn shard<'a>(group: &'a ReplicationGroup, id: &str) -> Option<&'a NodeGroup> {
    group.node_groups().iter().find(|shard| shard.node_group_id() == Some(id))
}

/// The IDs of the nodes of a shard.
pub(crate) fn nodes(shard: &NodeGroup) -> Vec<&str> {
    shard.node_group_members().iter().filter_map(NodeGroupMember::cache_cluster_id).collect()
}

/// The primary of a shard; `None` with cluster mode, where the API returns no roles.
pub(crate) fn primary(shard: &NodeGroup) -> Option<&str> {
    let mut nodes = shard.node_group_members().iter();
    nodes.find(|node| node.current_role() == Some("primary")).and_then(NodeGroupMember::cache_cluster_id)
}

/// The primary of a group with one shard.
pub(crate) fn only_primary(group: &ReplicationGroup) -> Option<&str> {
    match group.node_groups() {
        [shard] => primary(shard),
        _ => None,
    }
}

/// What shows that the primary of a shard has moved: its role, or, with cluster mode, an event that is none of these.
#[derive(Debug)]
pub(crate) struct Before {
    primary: Option<String>,
    events: BTreeSet<(i64, String)>,
}

impl Before {
    /// The state of a shard before a failover.
    ///
    /// # Errors
    /// The API returns no roles, and the events cannot be read.
    pub(crate) async fn of(scope: &Scope<'_>, group: &str, shard: &NodeGroup) -> Result<Self, AwsError> {
        if let Some(primary) = primary(shard) {
            return Ok(Self { primary: Some(primary.to_owned()), events: BTreeSet::new() });
        }
        let events = events::of_groups(scope, Some(group), RECENT).await?;
        Ok(Self { primary: None, events: events.iter().map(key).collect() })
    }

    /// The primary, if the API returns roles.
    pub(crate) fn primary(&self) -> Option<&str> {
        self.primary.as_deref()
    }

    /// From which node to which the primary of the shard has moved since then.
    pub(crate) async fn moved(
        &self,
        scope: &Scope<'_>,
        group: &ReplicationGroup,
        id: &str,
    ) -> Result<Option<(String, String)>, AwsError> {
        let Some(shard) = shard(group, id) else { return Ok(None) };
        if let Some(from) = &self.primary {
            let now = primary(shard).filter(|now| now != from);
            return Ok(now.map(|now| (from.clone(), now.to_owned())));
        }
        let recent = events::of_groups(scope, group.replication_group_id(), RECENT).await?;
        let nodes = nodes(shard);
        let new = recent.iter().filter(|event| !self.events.contains(&key(event)));
        let failovers = new.filter_map(|event| failover(event.message()?));
        let mut own = failovers.filter(|(from, to)| nodes.contains(from) || nodes.contains(to));
        Ok(own.next().map(|(from, to)| (from.to_owned(), to.to_owned())))
    }
}

/// What distinguishes an event from others.
fn key(event: &Event) -> (i64, String) {
    (event.date().map(DateTime::secs).unwrap_or_default(), event.message().unwrap_or_default().to_owned())
}

/// The nodes in the event of a failover: "Failover from primary node … to replica node … completed" (API reference,
/// TestFailover).
fn failover(message: &str) -> Option<(&str, &str)> {
    let (from, rest) =
        message.strip_prefix("Failover from primary node ")?.split_once(" to replica node ")?;
    Some((from, rest.split_whitespace().next()?))
}

/// How many test failovers were started in the last 24 hours, as far as AWS has reported them in its events.
pub(crate) async fn tests_of_a_day(scope: &Scope<'_>) -> Result<usize, AwsError> {
    let events = events::of_groups(scope, None, DAY).await?;
    let is_test =
        |event: &&Event| event.message().is_some_and(|text| text.starts_with("Test Failover API called"));
    Ok(events.iter().filter(is_test).count())
}

/// One attempt to fail a shard over to a replica. `attempts` learns of attempts that were not answered.
pub(crate) async fn test_failover(
    scope: &Scope<'_>,
    group: &str,
    shard: &str,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let call = client.test_failover().replication_group_id(group).node_group_id(shard).customize();
    // A repeated request is another failover, so the SDK must not repeat it.
    let once = Builder::new().retry_config(RetryConfig::disabled());
    let call = call.interceptor(attempts.clone()).config_override(once);
    scope.call(Service::ElastiCache, "TestFailover", call.send()).await.map(drop)
}

/// One attempt to make a replica the primary, which is complete once the role has changed.
pub(crate) async fn promote(scope: &Scope<'_>, group: &str, node: &str) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let call = client
        .modify_replication_group()
        .replication_group_id(group)
        .primary_cluster_id(node)
        .apply_immediately(true);
    replication_group::modify(scope, call, &UnansweredAttempts::default()).await.map(drop)
}

/// Waits until the primary of a shard is another node than before, and returns both.
pub(crate) async fn wait_moved(
    scope: &Scope<'_>,
    group: &str,
    shard: &str,
    before: &Before,
) -> Result<(String, String), WaitError> {
    let what = format!("the primary of shard {shard} of replication group {group:?} to move");
    let plan = WaitPlan::new(what, scope.time_left());
    let moved = scope.wait(&plan, async || {
        let Some(observed) = replication_group::describe(scope, group).await?.or_refusal()? else {
            return Ok(Poll::Pending { status: "unknown".to_owned() });
        };
        match before.moved(scope, &observed, shard).await? {
            Some(moved) => Ok(Poll::Ready(moved)),
            None => Ok(Poll::Pending { status: observed.status().unwrap_or("unknown").to_owned() }),
        }
    });
    moved.await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_of_a_failover_names_both_nodes() {
        let event = "Failover from primary node cache-0001-001 to replica node cache-0001-002 completed";
        assert_eq!(failover(event), Some(("cache-0001-001", "cache-0001-002")));
        for other in [
            "Test Failover API called for node group 0001",
            "Recovering cache nodes 0001",
            "Finished recovery for cache nodes 0001",
        ] {
            assert_eq!(failover(other), None, "{other}");
        }
    }

    #[test]
    fn cluster_mode_that_is_not_returned_is_that_of_the_shards() {
        let group = |mode: Option<ClusterMode>, enabled| {
            ReplicationGroup::builder().set_cluster_mode(mode).cluster_enabled(enabled).build()
        };
        assert!(has_cluster_mode(&group(None, true)) && !has_cluster_mode(&group(None, false)));
        assert!(has_cluster_mode(&group(Some(ClusterMode::Enabled), true)));
        assert!(!has_cluster_mode(&group(Some(ClusterMode::Compatible), true)));
    }
}
