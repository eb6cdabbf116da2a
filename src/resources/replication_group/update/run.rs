//! Runs the steps of an update.

use aws_sdk_elasticache::primitives::DateTime;
use aws_sdk_elasticache::types::ReplicationGroup;

use super::credentials;
use super::modification::Modification;
use super::steps::{Step, Withdrawal};
use crate::aws::{AwsError, UnansweredAttempts, is_transient};
use crate::diag::Diagnostic;
use crate::engine::{Context, failed};
use crate::resources::common::progress::{self, Outcome};
use crate::resources::common::tags;
use crate::resources::replication_group::attributes::ReplicationGroupModel;
use crate::resources::replication_group::wait::{self, Direction, Goal, StepError};
use crate::resources::replication_group::{convert, datastore, refusal, settings};
use crate::services::elasticache;
use crate::services::elasticache::BUSY;
use crate::services::elasticache::replication_group;
use crate::services::elasticache::replication_group::{Awaited, Observed};

/// How often a change of a token is repeated after a lost response or while AWS is too busy.
const REPEATED: u32 = 8;

/// What an update works with.
pub(in crate::resources::replication_group) struct Run<'a> {
    pub(in crate::resources::replication_group) cx: &'a Context<'a>,
    pub(in crate::resources::replication_group) id: String,
    pub(in crate::resources::replication_group) arn: String,
    pub(in crate::resources::replication_group) prior: &'a ReplicationGroupModel,
    pub(in crate::resources::replication_group) planned: &'a ReplicationGroupModel,
    /// Pending changes that AWS did not withdraw although it was requested.
    pub(in crate::resources::replication_group) not_withdrawn: Vec<&'static str>,
}

impl Run<'_> {
    /// One step, and the wait for it; `None` for a step that leaves the group alone.
    pub(in crate::resources::replication_group) async fn step(
        &mut self,
        step: &Step,
    ) -> Result<Option<Observed>, StepError> {
        let what = describe(step, &self.id);
        let refused = |error: AwsError| StepError {
            error: self.refused(failed(&what, &error), &error, step),
            outcome: Outcome::of(&error),
        };
        let taken = self.send(step).await.map_err(refused)?;
        if let Step::Withdraw(back) = step {
            return self.withdrawn(back, taken, &what).await.map(Some);
        }
        if let Step::Modify(change) = step {
            // Whatever happens from here on, the group has these credentials.
            if let Some(state) = credentials::accepted(self.prior, self.planned, change) {
                self.cx.save(state);
            }
        }
        match goal(step, self.planned) {
            None => Ok(None),
            Some(goal) => wait::wait_available(self.cx.scope(), &self.id, goal, &what).await.map(Some),
        }
    }

    /// The diagnostic of a refused step, pointing at the argument that it is about.
    fn refused(&self, diagnostic: Diagnostic, error: &AwsError, step: &Step) -> Diagnostic {
        match step {
            Step::Modify(change) if datastore::owns(error) => {
                datastore::refused(diagnostic, self.planned, &settings::names(&change.values))
            }
            _ => refusal::point(diagnostic, error, self.planned),
        }
    }

    /// Sends the request of a step until AWS has accepted it. AWS may have accepted it although the response
    /// was lost; it then refuses the repetition because it is busy with the first, or finds nothing to do. So
    /// after a lost response the group is described before the step counts as refused, and before it is sent
    /// again.
    ///
    /// False when AWS found nothing to do.
    async fn send(&self, step: &Step) -> Result<bool, AwsError> {
        let before = match step {
            Step::Modify(change) if change.token_strategy.is_some() => Some(self.token_mark().await?),
            _ => None,
        };
        let attempts = UnansweredAttempts::default();
        let mut left = if before.is_some() { REPEATED } else { 0 };
        let passes = |error: &AwsError| {
            let again = is_transient(error) && left > 0;
            left -= u32::from(again);
            again || error.is(BUSY)
        };
        let sent = self.cx.scope().retry_if(passes, async || {
            if attempts.any() && self.is_done(step, before.as_ref()).await? {
                return Ok(true);
            }
            match self.attempt(step, &attempts).await {
                Err(error) if attempts.any() && !error.is(BUSY) && !is_transient(&error) => {
                    // An error of the description says less than the refusal.
                    let done = self.is_done(step, before.as_ref()).await.unwrap_or(false);
                    if done { Ok(true) } else { Err(error) }
                }
                outcome => outcome,
            }
        });
        sent.await
    }

    async fn attempt(&self, step: &Step, attempts: &UnansweredAttempts) -> Result<bool, AwsError> {
        match step {
            Step::Tags => {
                let (prior, planned) = (&self.prior.tags_all, &self.planned.tags_all);
                tags::sync(self.cx, prior, planned, async |changes| {
                    elasticache::tags::apply(self.cx.scope(), &self.arn, changes).await
                })
                .await?;
            }
            Step::Shards(change) => self.reshard(change, attempts).await?,
            Step::IncreaseReplicas(change) => self.increase(change, attempts).await?,
            Step::DecreaseReplicas(change) => self.decrease(change, attempts).await?,
            Step::Modify(change) => return self.modify(change, attempts).await,
            Step::Withdraw(back) => return self.modify(&back.change, attempts).await,
        }
        Ok(true)
    }

    /// The wait after a request to withdraw changes, and its result. AWS does not return that changes of some
    /// attributes are pending; for these a request in which AWS found nothing to modify withdrew nothing.
    async fn withdrawn(&mut self, back: &Withdrawal, taken: bool, what: &str) -> Result<Observed, StepError> {
        let observed = wait::wait_available(self.cx.scope(), &self.id, Goal::Changed, what).await?;
        let mut left = observed.still_pending(&back.names);
        if !taken {
            left.extend(
                back.names.iter().filter(|name| settings::unreported().any(|it| it.field.name == **name)),
            );
        }
        self.not_withdrawn.extend(left);
        Ok(observed)
    }

    /// True when the group shows that a step was carried out, or is accepted and pending.
    async fn is_done(&self, step: &Step, before: Option<&TokenMark>) -> Result<bool, AwsError> {
        let change = match step {
            Step::Tags => return Ok(false),
            // These compare with the group themselves.
            Step::Shards(_) | Step::IncreaseReplicas(_) | Step::DecreaseReplicas(_) => {
                return match goal(step, self.planned) {
                    Some(goal) => self.reached(goal).await,
                    None => Ok(false),
                };
            }
            Step::Modify(change) => change,
            Step::Withdraw(back) => {
                let Some(observed) = self.observe().await? else { return Ok(false) };
                return Ok(observed.still_pending(&back.names).is_empty());
            }
        };
        let Some(group) = replication_group::describe(self.cx.scope(), &self.id).await?.or_refusal()? else {
            return Ok(false);
        };
        if before.is_some_and(|before| *before == TokenMark::of(&group)) {
            return Ok(false);
        }
        let Some(observed) = self.with_member(group).await? else { return Ok(false) };
        Ok(change.is_satisfied_by(&observed.flatten(self.planned.clone())))
    }

    /// The group with one of its nodes: some settings only the nodes show.
    async fn with_member(&self, group: ReplicationGroup) -> Result<Option<Observed>, AwsError> {
        let Some(first) = group.member_clusters().iter().min() else { return Ok(None) };
        let Some(member) = replication_group::describe_member(self.cx.scope(), first).await?.yes() else {
            return Ok(None);
        };
        Ok(Some(Observed { group, member: Some(member) }))
    }

    async fn observe(&self) -> Result<Option<Observed>, AwsError> {
        match replication_group::describe(self.cx.scope(), &self.id).await?.or_refusal()? {
            Some(group) => self.with_member(group).await,
            None => Ok(None),
        }
    }

    async fn token_mark(&self) -> Result<TokenMark, AwsError> {
        Ok(replication_group::describe(self.cx.scope(), &self.id)
            .await?
            .or_refusal()?
            .as_ref()
            .map(TokenMark::of)
            .unwrap_or_default())
    }

    /// True when the nodes already are as desired, as after a change outside of this configuration.
    async fn reached(&self, goal: Goal<'_>) -> Result<bool, AwsError> {
        let group = replication_group::describe(self.cx.scope(), &self.id).await?.or_refusal()?;
        Ok(group.is_some_and(|group| !group.node_groups().is_empty() && goal.missing(&group).is_none()))
    }

    /// False when AWS found nothing to modify.
    async fn modify(&self, change: &Modification, attempts: &UnansweredAttempts) -> Result<bool, AwsError> {
        let client = self.cx.scope().elasticache().await?;
        let source = match &change.snapshotting {
            Some(id) => Some(id.clone()),
            None if change.snapshot_primary => self.primary().await?,
            None => None,
        };
        let call = client.modify_replication_group();
        let call = convert::expand_modify(call, &self.id, change, &self.planned.engine, source);
        replication_group::modify(self.cx.scope(), call, attempts).await
    }

    /// The member that is primary now: after a failover it is not the first one.
    async fn primary(&self) -> Result<Option<String>, AwsError> {
        let group = replication_group::describe(self.cx.scope(), &self.id).await?.or_refusal()?;
        let members = group
            .as_ref()
            .and_then(|g| g.node_groups().first())
            .map(aws_sdk_elasticache::types::NodeGroup::node_group_members);
        let members = members.unwrap_or_default();
        let primary = members.iter().find(|m| m.current_role() == Some("primary")).or(members.first());
        Ok(primary.and_then(|m| m.cache_cluster_id().map(str::to_owned)))
    }
}

/// What AWS returns about a token: it changes whenever the token does.
#[derive(Debug, Default, PartialEq)]
struct TokenMark {
    enabled: Option<bool>,
    changed: Option<DateTime>,
    pending: bool,
}

impl TokenMark {
    fn of(group: &ReplicationGroup) -> Self {
        let pending = group.pending_modified_values();
        Self {
            enabled: group.auth_token_enabled,
            changed: group.auth_token_last_modified_date().copied(),
            pending: pending.is_some_and(|pending| pending.auth_token_status().is_some()),
        }
    }
}

/// What a step leads to; `None` when the group stays as it is.
fn goal<'a>(step: &'a Step, planned: &'a ReplicationGroupModel) -> Option<Goal<'a>> {
    match step {
        // A change of tags ends the status `available` for a moment, in which the tags cannot be listed
        // (hashicorp/aws PR #40320).
        Step::Tags => Some(Goal::Changed),
        Step::Shards(change) => Some(Goal::Shards(change.count())),
        Step::IncreaseReplicas(change) => Some(Goal::Replicas(change, Direction::Up)),
        Step::DecreaseReplicas(change) => Some(Goal::Replicas(change, Direction::Down)),
        Step::Modify(change) if change.immediately && change.changes_tls() => {
            Some(Goal::Tls(change.values.transit_encryption_enabled.known().copied()))
        }
        Step::Modify(change) if change.immediately => Some(Goal::Modified(change, planned)),
        Step::Modify(_) | Step::Withdraw(_) => Some(Goal::Changed),
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
        Step::Shards(change) => change.to_string(),
        Step::IncreaseReplicas(change) => format!("increase the number of replicas {change}"),
        Step::DecreaseReplicas(change) => format!("decrease the number of replicas {change}"),
        Step::Modify(change) => change.purpose.to_owned(),
        Step::Withdraw(back) => back.change.purpose.to_owned(),
    }
}

/// What the step after `done` leaves behind when it fails, for the user. `None` when the
/// error says it all.
pub(in crate::resources::replication_group) fn progress(
    done: usize,
    outcome: Outcome,
    steps: &[Step],
) -> Option<Diagnostic> {
    let steps: Vec<String> = steps.iter().map(purpose).collect();
    progress::progress(done, outcome, &steps)
}
