//! Diagnostics of calls and waits that fail.

use crate::aws::{AwsError, WaitError};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::failed;

/// The diagnostic of a failed wait. `what` completes "Failed to", as in `delete user "a"`.
pub(crate) fn failed_wait(what: impl std::fmt::Display, error: &WaitError) -> Diagnostic {
    Diagnostic::error(format!("Failed to {what}"), error.to_string())
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

/// The described object; `None` if AWS returns one of the error codes `not_found`.
///
/// # Errors
/// The call failed for another reason, or the response is incomplete.
pub(crate) fn present<T>(
    what: &str,
    object: &str,
    found: Result<Option<T>, AwsError>,
    not_found: &[&str],
) -> Result<Option<T>, Diagnostics> {
    match found {
        Ok(Some(found)) => Ok(Some(found)),
        Ok(None) => Err(incomplete(what, object)),
        Err(error) if error.is(not_found) => Ok(None),
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
