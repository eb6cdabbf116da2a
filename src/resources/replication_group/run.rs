//! Carrying out the steps of an update.

use aws_sdk_elasticache::types::ReplicationGroup;
use tokio::time::Instant;

use super::live::Live;
use super::model::ReplicationGroupModel;
use super::steps::{Modification, Step};
use super::wait::Goal;
use super::{credentials, request, wait};
use crate::aws::{AwsError, Service, call_retrying};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::elasticache;

/// A group or node in the middle of another change: passes by itself.
pub(super) const BUSY: &[&str] =
    &["InvalidReplicationGroupState", "InvalidCacheClusterState", "InvalidUserGroupState"];

/// What an update works with.
pub(super) struct Run<'a> {
    pub(super) cx: &'a Context<'a>,
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) deadline: Instant,
    pub(super) prior: &'a ReplicationGroupModel,
    pub(super) planned: &'a ReplicationGroupModel,
}

impl Run<'_> {
    /// One step, and the wait for it; `None` for a step that leaves the group alone.
    pub(super) async fn step(&self, step: &Step) -> Result<Option<Live>, Diagnostics> {
        let what = describe(step, &self.id);
        let done = match step {
            Step::Tags => self.tags().await,
            Step::Shards(count) => self.shards(*count).await,
            Step::IncreaseReplicas(count) => self.increase(*count).await,
            Step::DecreaseReplicas(count) => self.decrease(*count).await,
            Step::Modify(change) => self.modify(change).await,
        };
        done.map_err(|error| failed(&what, &error))?;
        if let Step::Modify(change) = step {
            // Whatever happens from here on, the group has these credentials.
            if let Some(state) = credentials::accepted(self.prior, self.planned, change) {
                self.cx.save(state);
            }
        }
        match goal(step) {
            None => Ok(None),
            Some(goal) => wait::available(self.cx, &self.id, self.deadline, goal, &what).await.map(Some),
        }
    }

    /// True when the nodes are as wanted already, as when the answer of an earlier
    /// attempt was lost.
    async fn reached(&self, goal: Goal) -> Result<bool, AwsError> {
        Ok(wait::group(self.cx, &self.id).await?.is_some_and(|group| reached(&group, goal)))
    }

    async fn tags(&self) -> Result<(), AwsError> {
        let (prior, planned) = (&self.prior.tags_all, &self.planned.tags_all);
        self.retrying(async || elasticache::change_tags(self.cx, &self.arn, prior, planned).await).await
    }

    async fn shards(&self, count: i32) -> Result<(), AwsError> {
        let client = self.cx.aws().elasticache(self.cx.region()).await?;
        self.retrying(async || {
            let group = wait::group(self.cx, &self.id).await?;
            if group.as_ref().is_some_and(|group| reached(group, Goal::Shards(count))) {
                return Ok(());
            }
            let remove = group.as_ref().map(|group| surplus(group, count)).unwrap_or_default();
            let call = client
                .modify_replication_group_shard_configuration()
                .replication_group_id(&self.id)
                .node_group_count(count)
                .apply_immediately(true)
                .set_node_groups_to_remove((!remove.is_empty()).then_some(remove));
            self.cx
                .call(Service::ElastiCache, "ModifyReplicationGroupShardConfiguration", call.send())
                .await
                .map(drop)
        })
        .await
    }

    async fn increase(&self, count: i32) -> Result<(), AwsError> {
        let client = self.cx.aws().elasticache(self.cx.region()).await?;
        self.retrying(async || {
            if self.reached(Goal::Replicas(count)).await? {
                return Ok(());
            }
            let call = client
                .increase_replica_count()
                .replication_group_id(&self.id)
                .new_replica_count(count)
                .apply_immediately(true);
            self.cx.call(Service::ElastiCache, "IncreaseReplicaCount", call.send()).await.map(drop)
        })
        .await
    }

    async fn decrease(&self, count: i32) -> Result<(), AwsError> {
        let client = self.cx.aws().elasticache(self.cx.region()).await?;
        self.retrying(async || {
            if self.reached(Goal::Replicas(count)).await? {
                return Ok(());
            }
            let call = client
                .decrease_replica_count()
                .replication_group_id(&self.id)
                .new_replica_count(count)
                .apply_immediately(true);
            self.cx.call(Service::ElastiCache, "DecreaseReplicaCount", call.send()).await.map(drop)
        })
        .await
    }

    async fn modify(&self, change: &Modification) -> Result<(), AwsError> {
        let client = self.cx.aws().elasticache(self.cx.region()).await?;
        let primary = if change.snapshot_primary { self.primary().await? } else { None };
        let called = self
            .retrying(async || {
                let call = request::modify(&client, &self.id, change, primary.clone());
                self.cx.call(Service::ElastiCache, "ModifyReplicationGroup", call.send()).await
            })
            .await;
        match called {
            Ok(_) => Ok(()),
            // What was asked for is so already: somebody else was faster.
            Err(error)
                if error.is(&["InvalidParameterCombination"])
                    && error
                        .message()
                        .is_some_and(|text| text.contains("No modifications were requested")) =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// The member that is primary now: after a failover it is not the first one.
    async fn primary(&self) -> Result<Option<String>, AwsError> {
        let group = wait::group(self.cx, &self.id).await?;
        let members = group
            .as_ref()
            .and_then(|g| g.node_groups().first())
            .map(aws_sdk_elasticache::types::NodeGroup::node_group_members);
        let members = members.unwrap_or_default();
        let primary = members.iter().find(|m| m.current_role() == Some("primary")).or(members.first());
        Ok(primary.and_then(|m| m.cache_cluster_id().map(str::to_owned)))
    }

    async fn retrying<T, F, Fut>(&self, call: F) -> Result<T, AwsError>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, AwsError>>,
    {
        call_retrying(self.cx.cancel(), self.deadline, BUSY, call).await
    }
}

fn reached(group: &ReplicationGroup, goal: Goal) -> bool {
    !group.node_groups().is_empty() && goal.missing(group).is_none()
}

/// Shards to remove to come down to `count`: those numbered highest.
fn surplus(group: &ReplicationGroup, count: i32) -> Vec<String> {
    let mut ids: Vec<String> =
        group.node_groups().iter().filter_map(|shard| shard.node_group_id().map(str::to_owned)).collect();
    ids.sort();
    ids.split_off(ids.len().min(usize::try_from(count).unwrap_or_default()))
}

/// What a step leads to; `None` when the group stays as it is.
fn goal(step: &Step) -> Option<Goal> {
    match step {
        Step::Tags => None,
        Step::Shards(count) => Some(Goal::Shards(*count)),
        Step::IncreaseReplicas(count) | Step::DecreaseReplicas(count) => Some(Goal::Replicas(*count)),
        Step::Modify(change) if change.immediately && (change.tls.is_some() || change.tls_mode.is_some()) => {
            Some(Goal::Tls(change.tls))
        }
        Step::Modify(_) => Some(Goal::Changed),
    }
}

/// What a step does to the group, to complete "Failed to".
fn describe(step: &Step, id: &str) -> String {
    format!("{} of replication group {id:?}", purpose(step))
}

/// What a step does.
fn purpose(step: &Step) -> String {
    match step {
        Step::Tags => "change the tags".to_owned(),
        Step::Shards(count) => format!("change the number of shards to {count}"),
        Step::IncreaseReplicas(count) => format!("raise the number of replicas to {count}"),
        Step::DecreaseReplicas(count) => format!("lower the number of replicas to {count}"),
        Step::Modify(change) => change.purpose.to_owned(),
    }
}

/// What a failed step leaves behind, for the user: the steps before it are done.
pub(super) fn progress(done: usize, steps: &[Step]) -> Option<Diagnostic> {
    if steps.len() < 2 {
        return None;
    }
    let list = |steps: &[Step]| match steps {
        [] => "nothing".to_owned(),
        steps => steps.iter().map(purpose).collect::<Vec<_>>().join("; "),
    };
    Some(Diagnostic::warning(
        "The change was carried out in part",
        format!(
            "Done: {}. Not done: {}. The next apply goes on from there.",
            list(&steps[..done]),
            list(steps.get(done..).unwrap_or_default())
        ),
    ))
}
