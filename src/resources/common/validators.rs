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

/// The name of a parameter group or subnet group. ElastiCache answers to any other: "Identifiers must begin with a letter;
/// must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens"
/// (terraform-aws-modules/terraform-aws-vpc #193 and #463, terraform-community-modules/tf_aws_elasticache_redis #1).
pub(crate) fn identifier(value: &Value) -> Result<(), String> {
    identifier_prefix(value)?;
    match value.as_str() {
        Some(name) if name.ends_with('-') => Err(format!("must not end with a hyphen, but is {name:?}")),
        _ => Ok(()),
    }
}

/// The beginning of an [`identifier`], to which the provider appends digits and letters.
pub(crate) fn identifier_prefix(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let letter_first = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if !letter_first || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(format!("must be a letter followed by letters, digits and hyphens, but is {text:?}"));
    }
    if text.contains("--") {
        return Err(format!("must not have two hyphens in a row, but is {text:?}"));
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifier_is_what_elasticache_accepts() {
        for name in ["a", "A1", "cache-1", "a-b-c"] {
            assert_eq!(identifier(&Value::from(name)), Ok(()), "{name}");
        }
        for name in ["", "1a", "-a", "a_b", "a.b", "a b", "a/b", "é", "a--b", "a-"] {
            assert!(identifier(&Value::from(name)).is_err(), "{name}");
        }
        assert_eq!(identifier_prefix(&Value::from("a-")), Ok(()));
        assert!(identifier_prefix(&Value::from("a--")).is_err());
        assert_eq!(identifier(&Value::Unknown), Ok(()));
    }
}
