//! Believing a deletion only after a read.

use std::time::Duration;

use crate::aws::{AwsError, Poll, WaitFailure, WaitPlan};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;

/// How long AWS may still show an object that it has deleted.
const LINGERING: Duration = Duration::from_secs(15);

/// Waits until AWS no longer shows an object whose deletion it has accepted: at once
/// nearly always, so that this is one read. `exists` says whether AWS returns it.
///
/// # Errors
/// AWS still shows the object, which then stays in the state.
pub(in crate::resources) async fn confirm<F>(
    cx: &Context<'_>,
    object: &str,
    exists: impl Fn() -> F,
) -> Result<(), Diagnostics>
where
    F: Future<Output = Result<bool, AwsError>>,
{
    let left = cx.scope().time_left();
    // A short time limit is used up by the delete itself; the read still takes place.
    let plan = WaitPlan::new(format!("{object} to be gone"), left.max(Duration::from_secs(5)).min(LINGERING));
    let gone = cx.scope().wait(&plan, || {
        let exists = exists();
        async {
            Ok(match exists.await? {
                true => Poll::Pending { status: "existing".to_owned() },
                false => Poll::Ready(()),
            })
        }
    });
    gone.await.map_err(|error| {
        let detail = match &error.failure {
            // Without a status AWS has not answered.
            WaitFailure::TimedOut if error.last_status.is_some() => format!(
                "AWS accepted the deletion, but {object} still exists. It stays in the state: run Terraform again, and \
                 report it to AWS if that does not help."
            ),
            _ => error.to_string(),
        };
        Diagnostic::error(format!("Failed to delete {object}"), detail).into()
    })
}
