//! Waits for a group: the goal of a change, and the outcome of one that failed.

use aws_sdk_elasticache::types::{ReplicationGroup, SourceType};

use super::attributes::ReplicationGroupModel;
use super::layout::Layout;
use super::scaling::Replicas;
use super::update::modification::Modification;
use crate::aws::{Scope, WaitFailure};
use crate::diag::{Diagnostic, Diagnostics};
use crate::resources::common::deletion::released;
use crate::resources::common::errors::failed_wait;
use crate::resources::common::progress::Outcome;
use crate::services::elasticache::replication_group::{Awaited, Observed};
use crate::services::elasticache::{events, replication_group};

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
    /// It has what this immediate change has requested, or AWS returns that the change is pending.
    Modified(&'a Modification, &'a ReplicationGroupModel),
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

impl Awaited for Goal<'_> {
    fn is_new(&self) -> bool {
        matches!(self, Goal::Created)
    }

    fn missing(&self, group: &ReplicationGroup) -> Option<String> {
        match *self {
            Goal::Created | Goal::Changed | Goal::Modified(..) => None,
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

    fn unmet(&self, observed: &Observed) -> Option<String> {
        match *self {
            Goal::Modified(change, planned) => change.unmet(observed, planned),
            Goal::Created | Goal::Changed | Goal::Shards(_) | Goal::Replicas(..) | Goal::Tls(_) => None,
        }
    }
}

/// A change that ended before its goal was reached.
#[derive(Debug)]
pub(super) struct StepError {
    /// Why.
    pub(super) error: Diagnostic,
    /// The outcome of the change.
    pub(super) outcome: Outcome,
}

/// Waits until the group and every member is available and the goal is reached. `what` completes
/// "Failed to".
pub(super) async fn wait_available(
    scope: &Scope<'_>,
    id: &str,
    goal: Goal<'_>,
    what: &str,
) -> Result<Observed, StepError> {
    let error = match replication_group::wait_available(scope, id, &goal).await {
        Ok(observed) => return Ok(observed),
        Err(error) => error,
    };
    let mut diagnostic = failed_wait(what, &error);
    // No further calls once Terraform is stopped.
    let events = if scope.cancel().is_cancelled() {
        Vec::new()
    } else {
        events::list(scope, SourceType::ReplicationGroup, id).await
    };
    if !events.is_empty() {
        diagnostic.detail.push_str("\nAWS's latest events of the group:");
    }
    for event in events {
        diagnostic.detail.push_str("\n- ");
        diagnostic.detail.push_str(&event);
    }
    let outcome = match &error.failure {
        WaitFailure::Failed { .. } => Outcome::NotApplied,
        WaitFailure::Poll(error) if error.is(replication_group::NOT_FOUND) => Outcome::NotApplied,
        WaitFailure::TimedOut | WaitFailure::Cancelled | WaitFailure::Poll(_) => Outcome::InProgress,
    };
    Err(StepError { error: diagnostic, outcome })
}

/// Waits until AWS no longer knows the group.
pub(super) async fn wait_deleted(scope: &Scope<'_>, id: &str) -> Result<(), Diagnostics> {
    replication_group::wait_deleted(scope, id).await.map_err(|error| {
        let mut diagnostic =
            released(failed_wait(format!("delete replication group {id:?}"), &error), &error);
        let is_deleting = error.last_status.as_deref().is_none_or(|status| status == "deleting");
        if is_deleting && matches!(error.failure, WaitFailure::TimedOut | WaitFailure::Cancelled) {
            diagnostic.detail.push_str(" AWS has accepted the deletion and continues it.");
        }
        diagnostic.into()
    })
}
