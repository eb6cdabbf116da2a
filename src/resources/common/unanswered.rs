//! Objects that a create made although its answer was lost.
//!
//! The SDK repeats a call that was not answered, and AWS then says that the object
//! exists. Most likely it is the one just created: forgetting it would leave an object
//! that costs money and stands in the way of the next apply. Taking over an object that
//! existed before would be worse, since a later destroy would delete it. So a create
//! adopts what exists only when
//!
//! - an attempt of this very call was not answered, and
//! - everything that AWS returns of the object is as the create asked for, its tags
//!   included.
//!
//! In every other case the error says how to import the object.

use std::time::Duration;

use crate::aws::{AwsError, Call, Found, Poll, UnansweredAttempts, WaitPlan, is_transient};
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::engine::state::tags::{self, Tags};
use crate::value::Field;

/// The status of an object that AWS is deleting.
const DELETING: &str = "deleting";

/// AWS may refuse a name for a moment after the object of that name is gone.
const FREED: Duration = Duration::from_secs(1);

/// So often AWS may refuse a name of an object that it does not show.
const UNSEEN: u32 = 5;

/// How long AWS may not show an object that exists.
const HIDDEN: Duration = Duration::from_secs(30);

/// The same where AWS does not say that the object exists.
const HIDDEN_BRIEFLY: Duration = Duration::from_secs(5);

/// The object that an unanswered attempt of a create has made, once AWS returns it; `None`
/// when `error` has another reason. `exists` are the codes that say that the object
/// exists.
pub(in crate::resources) async fn find_unanswered<T, F>(
    cx: &Context<'_>,
    attempts: &UnansweredAttempts,
    error: &AwsError,
    exists: &[&str],
    object: &str,
    find: impl Fn() -> F + Sync,
) -> Option<T>
where
    T: Send,
    F: Future<Output = Result<Found<T>, AwsError>> + Send,
{
    if !attempts.any() || error.is_cancelled() {
        return None;
    }
    // Without an answer to the last attempt either, the object itself is the only answer. Another refusal most likely
    // means what it says, but may be due to the first attempt as well: a global datastore has the member already.
    let hidden = if error.is(exists) || is_transient(error) { HIDDEN } else { HIDDEN_BRIEFLY };
    let plan = WaitPlan::new(format!("{object} to be shown"), hidden.min(cx.scope().timeout()));
    let existing = cx.scope().wait(&plan, || {
        let found = find();
        async {
            Ok(match found.await? {
                Found::Yes(found) => Poll::Ready(found),
                Found::No(_) | Found::Incomplete => Poll::Pending { status: "not shown yet".to_owned() },
            })
        }
    });
    existing.await.ok()
}

/// Tells of an object that exists after an attempt was not answered: `None` when it
/// differs from what was asked for in `differences`, which are names of arguments.
pub(in crate::resources) fn adopted<T>(object: &str, found: T, differences: &[&str]) -> Option<T> {
    tracing::info!(object, ?differences, "an attempt to create was not answered, and the object exists");
    differences.is_empty().then_some(found)
}

/// `["tags"]` when the tags of an existing object are not the planned ones.
pub(in crate::resources) fn tag_differences(
    cx: &Context<'_>,
    observed: Tags,
    planned_all: &Field<Tags>,
) -> Vec<&'static str> {
    let same = tags::changes(cx.provider(), &Field::Known(observed), planned_all).is_empty();
    if same { Vec::new() } else { vec!["tags"] }
}

/// The note in the error of a create when an answer was lost and what exists is not what
/// the create asked for.
pub(in crate::resources) fn note_of_unanswered_attempt(attempts: &UnansweredAttempts) -> &'static str {
    match attempts.any() {
        true => {
            " An answer of AWS was lost before, but the object that exists differs from what this apply asked for, or \
             existed already."
        }
        false => "",
    }
}

/// Appends to the detail of a diagnostic.
#[must_use]
pub(in crate::resources) fn noted(mut diagnostic: Diagnostic, note: &str) -> Diagnostic {
    diagnostic.detail.push_str(note);
    diagnostic
}

/// Runs a create, and repeats it as long as AWS refuses it because an object of that name
/// is being deleted. `exists` are the codes of that refusal; `status` returns the
/// object's status, or `None` when there is no such object.
///
/// # Errors
/// Those of the create. When the deletion does not end in time, the last refusal says so.
pub(in crate::resources) async fn create_when_free<T, C, S>(
    cx: &Context<'_>,
    exists: &[&str],
    object: &str,
    create: impl Fn() -> C + Sync,
    status: impl Fn() -> S + Sync,
) -> Result<T, AwsError>
where
    C: Future<Output = Result<T, AwsError>> + Send,
    S: Future<Output = Result<Option<String>, AwsError>> + Send,
{
    repeat(cx, exists, object, &|| Box::pin(create()), &|| Box::pin(status())).await
}

/// Everything of it that does not depend on the two calls, so that it is compiled once for each type of object.
async fn repeat<'a, T>(
    cx: &Context<'_>,
    exists: &[&str],
    object: &str,
    create: &(dyn Fn() -> Call<'a, T> + Sync),
    status: &(dyn Fn() -> Call<'a, Option<String>> + Sync),
) -> Result<T, AwsError> {
    let mut unseen = 0;
    loop {
        let refusal = match create().await {
            Err(error) if error.is(exists) => error,
            done => return done,
        };
        let is_leaving = match status().await {
            Ok(Some(status)) => status == DELETING,
            Ok(None) => {
                unseen += 1;
                unseen <= UNSEEN
            }
            Err(_) => false,
        };
        if !is_leaving || cx.scope().time_left().is_zero() {
            return Err(refusal);
        }
        tracing::info!(object, "AWS is deleting an object of that name; waiting until it is gone");
        let left = cx.scope().time_left();
        let plan = WaitPlan { first: FREED, ..WaitPlan::new(format!("{object} to be deleted"), left) };
        if cx.scope().wait_deleted(&plan, status).await.is_err() {
            return Err(refusal
                .with_hint("AWS is deleting the object of that name. Run Terraform again when it is gone."));
        }
    }
}
