//! Applying a service update to a cache, and stopping it, with the waits of both.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_sdk_elasticache::types::{ServiceUpdate, UpdateAction};

use crate::aws::{AwsError, Poll, Scope, WaitError, WaitPlan};
use crate::services::elasticache::update_action::{
    Target, exists, find, is_done, is_open, is_under_way, send_apply, send_stop, status_of,
};
use crate::services::elasticache::{BUSY, service_update};

/// How long a new cache may have no update actions: AWS lists them about ten minutes after its creation (acceptance
/// tests of hashicorp/aws). It then lists what it has applied during the creation as `complete`.
const LISTED_WITHIN: Duration = Duration::from_secs(15 * 60);

const STOPPED: &str =
    "It was stopped outside of this operation. Nodes that are updated already stay updated.";

/// What happens while a service update is applied or stopped.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event<'a> {
    /// AWS has accepted the request.
    Accepted,
    /// The update action as AWS returns it now.
    Observed(&'a UpdateAction),
}

/// How the application of a service update ends.
#[derive(Debug, Clone)]
pub(crate) enum Applied {
    /// Nothing is left to apply.
    Done(Box<UpdateAction>),
    /// AWS lists no action for the cache, and the service update is expired or cancelled.
    NotOffered(Box<ServiceUpdate>),
}

/// What an operation has seen so far.
#[derive(Debug, Default)]
struct Recorded {
    /// AWS has accepted the request.
    is_accepted: AtomicBool,
    /// AWS was seen to apply the update.
    has_begun: AtomicBool,
    /// Cache and service update were seen to exist.
    is_checked: AtomicBool,
}

fn pending<T>(status: &str) -> Result<Poll<T>, AwsError> {
    Ok(Poll::Pending { status: status.to_owned() })
}

/// Applies the service update, unless it is applied or being applied already, and waits until nothing is left to
/// apply. `on` learns of each event.
pub(crate) async fn apply(
    scope: &Scope<'_>,
    update: &str,
    target: Target<'_>,
    on: impl Fn(Event<'_>) + Sync,
) -> Result<Applied, WaitError> {
    let left = scope.time_left();
    let plan = WaitPlan::new(format!("service update {update:?} of {target} to be complete"), left);
    let visited = Recorded::default();
    scope.wait(&plan, || apply_once(scope, update, target, &visited, left, &on)).await
}

async fn apply_once(
    scope: &Scope<'_>,
    update: &str,
    target: Target<'_>,
    visited: &Recorded,
    left: Duration,
    on: &(impl Fn(Event<'_>) + Sync),
) -> Result<Poll<Applied>, AwsError> {
    let is_accepted = visited.is_accepted.load(Ordering::Relaxed);
    let Some(action) = find(scope, update, target).await? else {
        if !visited.is_checked.load(Ordering::Relaxed) {
            let found = service_update::describe(scope, update).await?.or_refusal()?;
            if let Some(over) = found.filter(service_update::is_over) {
                return Ok(Poll::Ready(Applied::NotOffered(Box::new(over))));
            }
            exists(scope, target).await?;
            visited.is_checked.store(true, Ordering::Relaxed);
        }
        return match is_accepted || left.saturating_sub(scope.time_left()) < LISTED_WITHIN {
            true => pending("not listed"),
            false => start(scope, update, target, visited, "not listed", on).await,
        };
    };
    on(Event::Observed(&action));
    let has_begun = visited.has_begun.load(Ordering::Relaxed);
    match status_of(&action) {
        status if is_done(status) => Ok(Poll::Ready(Applied::Done(Box::new(action)))),
        status if is_under_way(status) => {
            visited.has_begun.store(true, Ordering::Relaxed);
            pending(status)
        }
        "stopped" if has_begun => {
            Ok(Poll::Failed { status: "stopped".to_owned(), reason: STOPPED.to_owned() })
        }
        // AWS may return the status from before the request for a moment.
        status if is_open(status) && !is_accepted && !has_begun => {
            start(scope, update, target, visited, status, on).await
        }
        status => pending(status),
    }
}

/// Sends the request. What AWS refuses because of an action that is under way is success: the response to an earlier
/// request was lost, or another client was faster.
async fn start(
    scope: &Scope<'_>,
    update: &str,
    target: Target<'_>,
    visited: &Recorded,
    status: &str,
    on: &(impl Fn(Event<'_>) + Sync),
) -> Result<Poll<Applied>, AwsError> {
    match send_apply(scope, update, target).await {
        Err(error) if error.is(BUSY) => {
            return Ok(Poll::Refused { status: status.to_owned(), error });
        }
        Err(error) => {
            let now = find(scope, update, target).await.ok().flatten();
            let is_started = now.as_ref().map(status_of).is_some_and(|now| is_under_way(now) || is_done(now));
            if !is_started {
                return Err(error);
            }
        }
        Ok(()) => {}
    }
    visited.is_accepted.store(true, Ordering::Relaxed);
    on(Event::Accepted);
    pending(status)
}

/// Stops the application of the service update, and waits until AWS no longer works on it. Nodes that are updated stay
/// updated. `on` learns of each event. The result is the action; `None` when AWS no longer lists it.
pub(crate) async fn stop(
    scope: &Scope<'_>,
    update: &str,
    target: Target<'_>,
    on: impl Fn(Event<'_>) + Sync,
) -> Result<Option<UpdateAction>, WaitError> {
    let what = format!("service update {update:?} of {target} to be stopped");
    let plan = WaitPlan::new(what, scope.time_left());
    let is_accepted = AtomicBool::new(false);
    scope.wait(&plan, || stop_once(scope, update, target, &is_accepted, &on)).await
}

async fn stop_once(
    scope: &Scope<'_>,
    update: &str,
    target: Target<'_>,
    is_accepted: &AtomicBool,
    on: &(impl Fn(Event<'_>) + Sync),
) -> Result<Poll<Option<UpdateAction>>, AwsError> {
    let Some(action) = find(scope, update, target).await? else { return Ok(Poll::Ready(None)) };
    on(Event::Observed(&action));
    match status_of(&action) {
        status if is_under_way(status) && !is_accepted.load(Ordering::Relaxed) => {
            if let Err(error) = send_stop(scope, update, target).await {
                let now = find(scope, update, target).await.ok().flatten();
                if now.is_none_or(|now| is_under_way(status_of(&now))) {
                    return Err(error);
                }
            }
            is_accepted.store(true, Ordering::Relaxed);
            on(Event::Accepted);
            pending(status)
        }
        status if is_open(status) || is_done(status) => Ok(Poll::Ready(Some(action))),
        status => pending(status),
    }
}
