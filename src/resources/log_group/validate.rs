//! Rules for single values.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::pattern;
use crate::value::Value;

/// API model of CloudWatch Logs, shape LogGroupName.
pub(super) static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[.\-_/#A-Za-z0-9]+$"));

/// What [`NAME`] allows, in words.
pub(super) const NAME_FORM: &str = "letters, digits and the characters . - _ / #";

/// The longest name, in the same shape.
pub(super) const LONGEST_NAME: usize = 512;

/// API reference of AssociateKmsKey: the ARN of a key, and not of an alias.
static KEY_ARN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+$"));

/// API reference of PutRetentionPolicy.
const RETENTIONS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// API reference of CreateLogGroup: "Log group names can't start with the string aws/".
pub(super) fn not_reserved(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if name.to_ascii_lowercase().starts_with("aws/") => {
            Err(format!("must not begin with aws/, which AWS reserves: use {:?}", format!("/{name}")))
        }
        _ => Ok(()),
    }
}

/// A retention of [`RETENTIONS`], or 0.
pub(super) fn retention(value: &Value) -> Result<(), String> {
    let Value::Number(number) = value else { return Ok(()) };
    let allowed = |days: &i64| *days == 0 || RETENTIONS.contains(days);
    if number.as_i64().as_ref().is_some_and(allowed) {
        return Ok(());
    }
    let all: Vec<String> = RETENTIONS.iter().map(ToString::to_string).collect();
    Err(format!(
        "must be a number of days that AWS offers ({}), or 0 to retain events indefinitely, but is {number}",
        all.join(", ")
    ))
}

/// CloudWatch Logs accepts a KMS key by its ARN only.
pub(super) fn key(value: &Value) -> Result<(), String> {
    let Some(key) = value.as_str() else { return Ok(()) };
    if !KEY_ARN.is_match(key) {
        return Err(format!(
            "must be the ARN of a KMS key, as in `aws_kms_key.this.arn`, but is {key:?}; CloudWatch Logs accepts neither key IDs \
             nor aliases"
        ));
    }
    Ok(())
}
