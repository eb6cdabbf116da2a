//! Whether AWS knows an object.

use crate::aws::AwsError;

/// The answer to a request about one object; `None` when AWS refuses it with one of the codes
/// `not_found`.
///
/// # Errors
/// Any other refusal.
pub fn unless_not_found<T>(answer: Result<T, AwsError>, not_found: &[&str]) -> Result<Option<T>, AwsError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is(not_found) => Ok(None),
        Err(error) => Err(error),
    }
}
