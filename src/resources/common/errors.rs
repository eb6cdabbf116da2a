//! Diagnostics of calls and waits that fail.

use crate::aws::{AwsError, Found, WaitError, WaitFailure};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::value::Path;

/// The diagnostic of a failed wait. `what` completes "Failed to", as in `delete user "a"`.
pub(crate) fn failed_wait(what: impl std::fmt::Display, error: &WaitError) -> Diagnostic {
    Diagnostic::error(format!("Failed to {what}"), error.to_string())
}

/// The diagnostic of a new snapshot for which the wait ended. `retains` is true if the configuration sets `skip_destroy`.
pub(crate) fn unfinished_snapshot(
    what: impl std::fmt::Display,
    error: &WaitError,
    retains: bool,
) -> Diagnostic {
    let mut diagnostic = failed_wait(what, error);
    if matches!(error.failure, WaitFailure::Failed { .. }) {
        return diagnostic;
    }
    diagnostic.detail.push_str(
        "\nAWS has accepted the snapshot and continues to take it. Terraform marks it as tainted, so the next apply deletes it \
         and takes another. To keep it, first run `terraform untaint ADDRESS` with the address behind \"with\" in this \
         message.",
    );
    if retains {
        diagnostic.detail.push_str(
            " `skip_destroy = true` retains completed snapshots only: it takes effect again with the apply after untaint.",
        );
    }
    diagnostic
}

/// The diagnostic of an incomplete response, which never proves that the object does not exist.
pub(crate) fn incomplete(what: impl std::fmt::Display, object: &str) -> Diagnostics {
    Diagnostic::error(
        format!("Failed to {what}"),
        format!(
            "AWS returned an incomplete response for the {object}, which is ignored. Run Terraform again."
        ),
    )
    .into()
}

/// The described object; `None` if it does not exist.
///
/// # Errors
/// The call failed for another reason, or the response is incomplete.
pub(crate) fn present<T>(
    what: &str,
    object: &str,
    found: Result<Found<T>, AwsError>,
) -> Result<Option<T>, Diagnostics> {
    match found {
        Ok(Found::Yes(found)) => Ok(Some(found)),
        Ok(Found::No(_)) => Ok(None),
        Ok(Found::Incomplete) => Err(incomplete(what, object)),
        Err(error) => Err(failed(what, &error).into()),
    }
}

/// The diagnostic of a create that AWS refuses because the object exists. `import` completes "To
/// manage it with this resource,".
pub(crate) fn already_exists(what: impl std::fmt::Display, error: &AwsError, import: &str) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    let advice = format!(
        " It was created outside of this resource, or by an interrupted apply. To manage it with this resource, {import}"
    );
    diagnostic.detail.push_str(advice.trim_end());
    diagnostic
}

/// The diagnostic of an `object` (such as "replication group") `id`, the value of `attribute`, that does not exist.
pub(crate) async fn not_found(
    cx: &Context<'_>,
    object: &str,
    attribute: &'static str,
    id: &str,
) -> Diagnostics {
    let place = cx.scope().resolved_region().await.map(|region| format!(" in {region}")).unwrap_or_default();
    Diagnostic::error(
        format!("{} {id:?} not found", capitalized(object)),
        format!(
            "AWS has no {object} {id:?}{place}, or is deleting it. Correct `{attribute}` or `region`. If this \
             configuration creates it, set `{attribute}` to an attribute of its resource, so that it is read after the \
             create."
        ),
    )
    .at(Path::attribute(attribute))
    .into()
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The diagnostic of an incomplete list.
pub(crate) fn incomplete_listing(what: &str) -> Diagnostics {
    Diagnostic::error(
        format!("Failed to {what}"),
        "AWS returned an incomplete list, which is ignored. Run Terraform again.",
    )
    .into()
}
