//! Waiting until an object is as desired.

use super::attempt::BoxFuture;
use super::last_refusal::LastRefusal;
use super::own_calls::OwnCalls;
use super::retry::jittered;
use super::schedule::Schedule;
use super::waits::Waiting;
use crate::aws::{AwsError, Cancel};
use std::fmt;
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// How to wait. [`WaitPlan::new`] gives the pace that fits ElastiCache.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitPlan {
    /// What is waited for, as in `replication group "x" to be available`.
    pub what: String,
    /// The longest time to wait.
    pub timeout: Duration,
    /// Pause before the first poll.
    pub first: Duration,
    /// The shortest duration of what is waited for: until then there are fewer polls.
    pub earliest: Duration,
    /// Up to this part of each pause is taken off at random, 0 to 1.
    pub jitter: f64,
}

impl WaitPlan {
    /// Polls at once, then after half a second, then less and less often: what is fast ends fast, and what
    /// takes an hour does not use up the quota of the account.
    pub fn new(what: impl Into<String>, timeout: Duration) -> Self {
        Self { what: what.into(), timeout, first: Duration::ZERO, earliest: Duration::ZERO, jitter: 0.2 }
    }
}

/// What one poll saw.
#[derive(Debug, Clone)]
pub enum Poll<T> {
    /// As desired.
    Ready(T),
    /// Not yet.
    Pending {
        /// The status AWS gives, such as `creating`.
        status: String,
    },
    /// Not yet: AWS refused the attempt to get there, and may accept it later.
    Refused {
        /// The status AWS gives, such as `active`.
        status: String,
        /// The refusal.
        error: AwsError,
    },
    /// It will never be.
    Failed {
        /// The status AWS gives, such as `create-failed`.
        status: String,
        /// The reason that AWS returns.
        reason: String,
    },
}

/// A wait that did not end well.
#[derive(Debug, Clone, thiserror::Error)]
pub struct WaitError {
    /// What was waited for.
    pub what: String,
    /// The last status seen.
    pub last_status: Option<String>,
    /// AWS's last refusal of what was waited for, or of a call of the poll that was given up.
    pub last_refusal: Option<AwsError>,
    /// The error of the last poll, if it was not answered.
    pub last_outage: Option<AwsError>,
    /// How long was waited.
    pub elapsed: Duration,
    /// How it ended.
    pub failure: WaitFailure,
}

/// How a wait ended.
#[derive(Debug, Clone)]
pub enum WaitFailure {
    /// The time was up.
    TimedOut,
    /// The object went where it will not come back from by itself.
    Failed {
        /// The reason that AWS returns.
        reason: String,
    },
    /// The operation was canceled.
    Cancelled,
    /// Asking for the status failed.
    Poll(AwsError),
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elapsed = Minutes(self.elapsed);
        match &self.failure {
            WaitFailure::TimedOut => write!(f, "Waiting for {} timed out after {elapsed}", self.what)?,
            WaitFailure::Failed { .. } => write!(f, "Waiting for {} failed after {elapsed}", self.what)?,
            WaitFailure::Cancelled => {
                write!(f, "Waiting for {} was canceled after {elapsed}", self.what)?;
            }
            WaitFailure::Poll(_) => write!(f, "Waiting for {} broke off after {elapsed}", self.what)?,
        }
        match &self.last_status {
            Some(status) => write!(f, "; its last status was \"{status}\".")?,
            None => write!(f, ".")?,
        }
        match &self.failure {
            WaitFailure::Failed { reason } if !reason.is_empty() => write!(f, " {reason}")?,
            WaitFailure::Poll(error) => write!(f, " {error}")?,
            _ => {}
        }
        if matches!(self.failure, WaitFailure::TimedOut | WaitFailure::Cancelled) {
            if let Some(error) = &self.last_refusal {
                write!(f, " AWS refused it last with: {error}")?;
            }
            if let Some(error) = &self.last_outage {
                write!(f, " AWS could not be reached last: {error}")?;
            }
        }
        Ok(())
    }
}

impl WaitError {
    /// True if the last status is what AWS returned last: no poll after it was refused or not answered.
    pub fn is_last_status_current(&self) -> bool {
        self.last_refusal.is_none() && self.last_outage.is_none()
    }
}

/// A duration as people read it: `45s`, `12m05s`.
struct Minutes(Duration);

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 + Duration::from_millis(500)).as_secs() {
            seconds @ 0..60 => write!(f, "{seconds}s"),
            seconds => write!(f, "{}m{:02}s", seconds / 60, seconds % 60),
        }
    }
}

/// A poll of any type.
type PollFn<'a, T> = Box<dyn FnMut(Instant) -> BoxFuture<'a, Result<Poll<T>, AwsError>> + Send + 'a>;

/// A wait under way.
pub(in crate::aws) type Wait<'a, T> = BoxFuture<'a, Result<T, WaitError>>;

/// Polls until the object is as desired, the time is up, or `cancel` fires. A
/// poll under way at the deadline is given up; the last poll starts just
/// before it. Every change of status is logged at info. An answer that cannot be
/// understood is asked for again, up to [`UNREADABLE`] times in a row: it says
/// nothing about the object, and what is waited for goes on. So is one that does not come from an endpoint that has
/// answered before ([`AwsError::is_outage`]), until the time is up: AWS has accepted what is waited for, and an error
/// would taint it.
///
/// # Errors
/// See [`WaitFailure`].
pub fn wait_for<'a, T, Fut>(
    cancel: &'a Cancel,
    plan: &'a WaitPlan,
    mut poll: impl FnMut() -> Fut + Send + 'a,
) -> Wait<'a, T>
where
    T: Send + 'a,
    Fut: Future<Output = Result<Poll<T>, AwsError>> + Send + 'a,
{
    Box::pin(wait(cancel, plan, None, Box::new(move |_| Box::pin(poll()))))
}

/// Like [`wait_for`], for polls that the waits of `waiting` share: each receives how old an answer of
/// AWS may be that serves it. It is never one that this wait has seen, nor one from
/// before the wait. Once several waits share, they poll at the same moments.
///
/// # Errors
/// See [`WaitFailure`].
pub fn wait_sharing<'a, T, Fut>(
    cancel: &'a Cancel,
    plan: &'a WaitPlan,
    waiting: &'a Waiting,
    mut poll: impl FnMut(Instant) -> Fut + Send + 'a,
) -> Wait<'a, T>
where
    T: Send + 'a,
    Fut: Future<Output = Result<Poll<T>, AwsError>> + Send + 'a,
{
    Box::pin(wait(cancel, plan, Some(waiting), Box::new(move |since| Box::pin(poll(since)))))
}

/// Everything of a wait that does not depend on its poll, so that it is compiled once for each type of result.
async fn wait<'a, T>(
    cancel: &Cancel,
    plan: &WaitPlan,
    waiting: Option<&Waiting>,
    mut poll: PollFn<'a, T>,
) -> Result<T, WaitError> {
    let alone = Waiting::default();
    let waiting = waiting.unwrap_or(&alone);
    let started = Instant::now();
    let mut last_poll = started;
    let deadline = started + plan.timeout;
    let mut last = Last::default();
    let mut unreadable = 0;
    let mut pause = plan.first;
    let mut schedule = Schedule::new(plan.earliest);
    let fail = |last: Last, failure| WaitError {
        what: plan.what.clone(),
        last_status: last.status,
        last_refusal: last.refusal,
        last_outage: last.outage,
        elapsed: started.elapsed(),
        failure,
    };
    loop {
        if !pause.is_zero() {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = cancel.cancelled() => return Err(fail(last, WaitFailure::Cancelled)),
            }
        }
        let now = Instant::now();
        let since = last_poll.max(now.checked_sub(SHARED).unwrap_or(now));
        let (refusals, calls) = (LastRefusal::default(), OwnCalls::default());
        let polled = tokio::select! {
            visited = calls.during(refusals.during(poll(since))) => Ok(visited),
            () = cancel.cancelled() => Err(WaitFailure::Cancelled),
            () = tokio::time::sleep_until(deadline) => Err(WaitFailure::TimedOut),
        };
        let visited = match polled {
            Ok(visited) => visited,
            Err(failure) => {
                last.refusal = refusals.get().or(last.refusal);
                return Err(fail(last, failure));
            }
        };
        // Whatever was asked before its end may be what this poll has seen.
        last_poll = Instant::now();
        if !matches!(&visited, Err(error) if error.is_unreadable()) {
            unreadable = 0;
        }
        last.outage = visited.as_ref().err().filter(|error| error.is_outage()).cloned();
        let status = match visited {
            Ok(Poll::Ready(value)) => {
                tracing::debug!(
                    what = plan.what,
                    seconds = started.elapsed().as_secs_f32(),
                    "the wait is over"
                );
                return Ok(value);
            }
            Ok(Poll::Pending { status }) => Some(status),
            Ok(Poll::Refused { status, error }) => {
                last.refusal = Some(error);
                Some(status)
            }
            Ok(Poll::Failed { status, reason }) => {
                last.status = Some(status);
                return Err(fail(last, WaitFailure::Failed { reason }));
            }
            Err(error) if error.is_cancelled() => return Err(fail(last, WaitFailure::Cancelled)),
            Err(error) if error.is_unreadable() && unreadable < UNREADABLE => {
                unreadable += 1;
                tracing::warn!(what = plan.what, %error, "unreadable answer during a wait; asking again");
                None
            }
            Err(error) if error.is_outage() => {
                tracing::warn!(what = plan.what, %error, "no answer during a wait; asking again");
                None
            }
            Err(error) => return Err(fail(last, WaitFailure::Poll(error))),
        };
        if let Some(status) = status.filter(|status| last.status.as_ref() != Some(status)) {
            tracing::info!(what = plan.what, status, seconds = started.elapsed().as_secs_f32(), "waiting");
            last.status = Some(status);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left <= LAST_POLL {
            return Err(fail(last, WaitFailure::TimedOut));
        }
        // The last pause ends a little before the deadline: what became ready
        // during it is still seen.
        let share = waiting.share().filter(|_| !calls.any());
        schedule.record(share.unwrap_or(1.0));
        let due = schedule.pause(started.elapsed());
        let due = match share {
            Some(_) => waiting.aligned(due, schedule.steady()),
            None => jittered(due, plan.jitter),
        };
        pause = due.min(left - LAST_POLL).max(Duration::from_millis(1));
    }
}

/// What the polls of a wait have received last.
#[derive(Debug, Default)]
struct Last {
    status: Option<String>,
    refusal: Option<AwsError>,
    /// Until a poll is answered again.
    outage: Option<AwsError>,
}

/// So many answers in a row may be unreadable: more are no passing trouble.
const UNREADABLE: u32 = 5;

/// So old may the answer to another wait's poll be: together with the longest pause of
/// five waits or more, four seconds.
const SHARED: Duration = Duration::from_secs(1);

/// Time kept for the last poll.
const LAST_POLL: Duration = Duration::from_millis(500);
