//! Rules for values of a serverless cache.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::pattern;
use crate::value::{Number, Value};

pub(super) const VALKEY: &str = "valkey";
pub(super) const REDIS: &str = "redis";
pub(super) const MEMCACHED: &str = "memcached";

/// The unit of storage; the API has no other.
pub(super) const UNIT: &str = "GB";

/// Smallest and largest limit: those of hashicorp/aws and of the AWS CDK.
const STORAGE: (i64, i64) = (1, 5000);
const ECPU: (i64, i64) = (1000, 15_000_000);

/// A time of day.
pub(super) static TIME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([01][0-9]|2[0-3]):[0-5][0-9]$"));

/// `8`, or `1.6` for Memcached.
pub(super) static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9]+(\.[0-9]+)?$"));

/// A snapshot of ElastiCache, or an object in S3.
static SNAPSHOT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^arn:[a-z0-9-]+:(elasticache:[a-z0-9-]+:[0-9]{12}:(snapshot|serverlesscachesnapshot):\S+",
        r"|s3:::[^/,\s]+/[^,]+)$",
    ))
});

/// An engine.
pub(super) fn engine(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(engine) if ![VALKEY, REDIS, MEMCACHED].contains(&engine.to_ascii_lowercase().as_str()) => {
            Err(format!("must be one of \"valkey\", \"redis\", \"memcached\", but is {engine:?}"))
        }
        _ => Ok(()),
    }
}

/// A major version of any engine.
pub(super) fn major_version(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(version) if !VERSION.is_match(version) => Err(format!(
            "must be a major version such as \"8\", or \"1.6\" for memcached, but is {version:?}"
        )),
        _ => Ok(()),
    }
}

/// A description, with the characters that the CDK accepts.
pub(super) fn description(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if text.contains(['<', '>']) => Err(format!("must not contain < or >, but is {text:?}")),
        _ => Ok(()),
    }
}

/// The ARN of a snapshot.
pub(super) fn snapshot_arn(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(arn) if !SNAPSHOT.is_match(arn) => Err(format!(
            "must be the ARN of a snapshot of a serverless cache or a replication group, or of an object in S3, such as \
             \"arn:aws:elasticache:eu-west-1:111122223333:serverlesscachesnapshot:nightly\", but is {arn:?}"
        )),
        _ => Ok(()),
    }
}

/// Refuses a limit of the storage that AWS would refuse.
pub(super) fn check_storage(value: &Value) -> Result<(), String> {
    check(value, STORAGE)
}

/// Refuses a limit of the ECPUs that AWS would refuse.
pub(super) fn check_ecpu(value: &Value) -> Result<(), String> {
    check(value, ECPU)
}

fn check(value: &Value, (least, most): (i64, i64)) -> Result<(), String> {
    let Value::Number(number) = value else { return Ok(()) };
    let is_none = *number == Number::from(0_i64);
    if is_none || (*number >= Number::from(least) && *number <= Number::from(most)) {
        return Ok(());
    }
    Err(format!("must be between {least} and {most}, or 0 for no limit, but is {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_aws_and_zero_is_no_limit() {
        for value in [0, 1, 5000] {
            assert_eq!(check_storage(&Value::from(value)), Ok(()), "{value}");
        }
        for value in [0, 1000, 15_000_000] {
            assert_eq!(check_ecpu(&Value::from(value)), Ok(()), "{value}");
        }
        assert_eq!(
            check_storage(&Value::from(5001)).unwrap_err(),
            "must be between 1 and 5000, or 0 for no limit, but is 5001"
        );
        assert_eq!(
            check_ecpu(&Value::from(999)).unwrap_err(),
            "must be between 1000 and 15000000, or 0 for no limit, but is 999"
        );
        assert!(check_storage(&Value::from(-1)).is_err());
        assert_eq!(check_ecpu(&Value::Unknown), Ok(()));
    }
}
