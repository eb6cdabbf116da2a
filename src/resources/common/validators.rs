//! Rules for values that several resources accept.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::pattern;
use crate::services::elasticache::snapshot::moment;
use crate::value::Value;

/// Characters of the name of a serverless cache, as the AWS CDK and the console check them.
static SERVERLESS_CACHE_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$"));

/// The name of a serverless cache.
pub(crate) fn serverless_cache_name(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if !SERVERLESS_CACHE_NAME.is_match(name) => Err(format!(
            "must consist of letters, digits and single hyphens, and neither begin nor end with a hyphen, but is {name:?}"
        )),
        _ => Ok(()),
    }
}

/// Snapshot names and replication group IDs: letters, digits and single hyphens, beginning with a letter.
pub(crate) fn snapshot_name(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str() else { return Ok(()) };
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let chars = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if name.len() <= 255 && starts && chars && !name.contains("--") && !name.ends_with('-') {
        return Ok(());
    }
    Err(format!(
        "must be letters, digits and single hyphens, beginning with a letter and not ending with a hyphen, but is {name:?}"
    ))
}

/// A time in RFC 3339, as Terraform's functions return it.
pub(crate) fn time(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if moment(text).is_none() => Err(format!(
            "must be a time in RFC 3339, such as \"2026-01-24T10:00:00Z\" or the result of timeadd(), but is {text:?}"
        )),
        _ => Ok(()),
    }
}

/// A regular expression.
pub(crate) fn regex(value: &Value) -> Result<(), String> {
    match value.as_str().map(Regex::new) {
        Some(Err(error)) => Err(format!("must be a regular expression, but is not: {error}")),
        _ => Ok(()),
    }
}
