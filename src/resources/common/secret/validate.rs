//! Rules for the arguments of a secret.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::pattern;
use crate::services::secretsmanager::secret::DEFAULT_KEY;
use crate::value::Value;

/// API reference of CreateSecret, `Name`.
pub(super) static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9A-Za-z/_+=.@!-]+$"));

/// What [`NAME`] allows, in words.
pub(super) const NAME_FORM: &str = "made of letters, digits and the characters /_+=.@!-";

/// The longest name (API model of CreateSecret, shape NameType).
pub(super) const LONGEST_NAME: usize = 512;

/// API reference of CreateSecret, `ARN` of the response.
pub(super) static ARN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[0-9A-Za-z/_+=.@!-]+$")
});

/// API model of CreateSecret, shape RegionType.
pub(super) static REGION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([a-z]+-)+\d+$"));

/// True for a key ID and the ARN of that key, and for an omitted key and the alias of the default key.
pub(super) fn same_key(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_str(), b.as_str()) else { return false };
    same_key_text(a, b)
}

/// See [`same_key`].
pub(super) fn same_key_text(a: &str, b: &str) -> bool {
    let ends = |arn: &str, id: &str| {
        let head = arn.strip_suffix(id).unwrap_or_default();
        head.ends_with(":key/") || (id.starts_with("alias/") && head.ends_with(':'))
    };
    let a = if a.is_empty() { DEFAULT_KEY } else { a };
    let b = if b.is_empty() { DEFAULT_KEY } else { b };
    a == b || ends(a, b) || ends(b, a)
}

/// API reference of DeleteSecret: 7 to 30 days; 0 stands for deletion by force.
pub(super) fn recovery_window(value: &Value) -> Result<(), String> {
    let days = match value {
        Value::Number(days) => days.to_string(),
        _ => return Ok(()),
    };
    match days.parse::<i64>() {
        Ok(0 | 7..=30) => Ok(()),
        _ => Err(format!("must be 0, which deletes at once, or 7 to 30 days, but is {days}")),
    }
}
