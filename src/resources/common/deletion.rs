//! Believing a deletion only after a read.

use std::time::Duration;

use crate::aws::{AwsError, Found, Poll, WaitError, WaitFailure, WaitPlan};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;

/// How long AWS may still show an object that it has deleted.
const LINGERING: Duration = Duration::from_secs(15);

/// What a read shows of an object whose deletion AWS has accepted.
pub(in crate::resources) enum Observed {
    Existing,
    Gone,
    /// Neither: the response is incomplete.
    Unknown,
}

impl From<bool> for Observed {
    fn from(exists: bool) -> Self {
        if exists { Self::Existing } else { Self::Gone }
    }
}

impl<T> From<Found<T>> for Observed {
    fn from(found: Found<T>) -> Self {
        match found {
            Found::Yes(_) => Self::Existing,
            Found::No(_) => Self::Gone,
            Found::Incomplete => Self::Unknown,
        }
    }
}

/// What to do about an object that exists after AWS has accepted its deletion. AWS does not say whether it is still the
/// same object.
const HOW_TO_RELEASE: &str = "If another configuration has created an object of this name since, remove this one from the \
     state: terraform state rm ADDRESS, where ADDRESS is the address behind \"with\" in this message. Otherwise run \
     Terraform again, and report it to AWS if that does not help.";

/// What to do after a wait for the end of a deletion: if AWS returns the object as one that it is not deleting, another one
/// may have its name.
pub(in crate::resources) fn advice(error: &WaitError) -> Option<&'static str> {
    let is_deleting = error.last_status.as_deref().is_none_or(|status| status.starts_with("delet"));
    let exists =
        matches!(error.failure, WaitFailure::TimedOut) && error.is_last_status_current() && !is_deleting;
    exists.then_some(HOW_TO_RELEASE)
}

/// Appends [`advice`] to the diagnostic of the wait.
pub(in crate::resources) fn released(mut diagnostic: Diagnostic, error: &WaitError) -> Diagnostic {
    if let Some(advice) = advice(error) {
        diagnostic.detail.push(' ');
        diagnostic.detail.push_str(advice);
    }
    diagnostic
}

const EXISTING: &str = "existing";
const UNKNOWN: &str = "unknown";

/// Waits until AWS no longer shows an object whose deletion it has accepted: at once
/// nearly always, so that this is one read. `read` asks AWS for the object.
///
/// # Errors
/// AWS still shows the object, or never shows that it is gone. It then stays in the state.
pub(in crate::resources) async fn confirm<F, S>(
    cx: &Context<'_>,
    object: &str,
    read: impl Fn() -> F + Sync,
) -> Result<(), Diagnostics>
where
    F: Future<Output = Result<S, AwsError>> + Send,
    S: Into<Observed>,
{
    let left = cx.scope().time_left();
    // A short time limit is used up by the delete itself; the read still takes place.
    let plan = WaitPlan::new(format!("{object} to be gone"), left.max(Duration::from_secs(5)).min(LINGERING));
    let gone = cx.scope().wait(&plan, || {
        let observed = read();
        async {
            Ok(match observed.await?.into() {
                Observed::Existing => Poll::Pending { status: EXISTING.to_owned() },
                Observed::Unknown => Poll::Pending { status: UNKNOWN.to_owned() },
                Observed::Gone => Poll::Ready(()),
            })
        }
    });
    gone.await.map_err(|error| {
        // Without a status AWS has not answered, and after a refusal or an outage it may have changed since.
        let last_status = error.last_status.as_deref().filter(|_| error.is_last_status_current());
        let detail = match (&error.failure, last_status) {
            (WaitFailure::TimedOut, Some(EXISTING)) => format!(
                "AWS accepted the deletion, but {object} still exists. It stays in the state. {HOW_TO_RELEASE}"
            ),
            (WaitFailure::TimedOut, Some(UNKNOWN)) => format!(
                "AWS accepted the deletion, but then returned an incomplete response for {object}, which does not show \
                 whether it exists. It stays in the state: run Terraform again."
            ),
            _ => error.to_string(),
        };
        Diagnostic::error(format!("Failed to delete {object}"), detail).into()
    })
}
