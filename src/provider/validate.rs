//! Rules for the arguments of the provider block.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::aws::RetryMode;
use crate::schema::{Check, common, pattern};
use crate::value::Value;

/// Longer than the minimum of 20 characters.
pub(super) static ROLE_ARN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^arn:[a-z0-9-]+:iam::\d{12}:role/.+$"));
pub(super) static EXTERNAL_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\w+=,.@:/-]*$"));
pub(super) static SESSION_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\w+=,.@-]*$"));
pub(super) static URL: LazyLock<Regex> = LazyLock::new(|| pattern(r"^https?://\S+$"));

static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d{12}$"));

/// Each element is the ID of an account.
pub(super) fn each_account() -> Check {
    Check::Each(Box::new(Check::Pattern(&ACCOUNT, "an account ID of twelve digits")))
}

/// A retry mode of the AWS SDKs.
pub(super) fn retry_mode(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if RetryMode::from_name(name).is_none() => {
            Err(format!("must be \"standard\" or \"adaptive\", but is {name:?}"))
        }
        _ => Ok(()),
    }
}

/// API reference of AssumeRole, `DurationSeconds`: 15 minutes to 12 hours.
pub(super) fn session_length(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    match common::parse_duration(text) {
        Some(length) if (900..=43200).contains(&length.as_secs()) => Ok(()),
        _ => Err(format!("must be a duration between 15m and 12h, but is {text:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile_and_match() {
        assert!(ROLE_ARN.is_match("arn:aws:iam::123456789012:role/path/name"));
        assert!(ROLE_ARN.is_match("arn:aws-us-gov:iam::123456789012:role/name"));
        assert!(!ROLE_ARN.is_match("arn:aws:iam::123456789012:user/name"));
        assert!(ACCOUNT.is_match("123456789012") && !ACCOUNT.is_match("12345"));
        assert!(SESSION_NAME.is_match("ci+job=1,a.b@c-d_e") && !SESSION_NAME.is_match("a b"));
        assert!(URL.is_match("http://127.0.0.1:4566") && !URL.is_match("127.0.0.1:4566"));
    }
}
