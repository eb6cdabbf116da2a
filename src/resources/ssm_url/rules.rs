//! Rules over one value of a configuration.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::pattern;
use crate::value::Value;

/// API reference of PutParameter: a plain name, or a path that begins with a slash.
pub(super) static NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^([a-zA-Z0-9_.-]+|(/[a-zA-Z0-9_.-]+){1,15})$"));

/// AWS reserves names that begin with `aws` and `ssm`.
pub(super) fn not_reserved(value: &Value) -> Result<(), String> {
    let name = value.as_str().unwrap_or_default().to_ascii_lowercase();
    let first = name.strip_prefix('/').map(|path| path.split('/').next().unwrap_or_default());
    let reserved = match first {
        Some(first) => first == "aws" || first == "ssm",
        None => name.starts_with("aws") || name.starts_with("ssm"),
    };
    if reserved {
        return Err("must not begin with \"aws\" or \"ssm\", which AWS reserves; use another name".to_owned());
    }
    Ok(())
}

pub(super) const STANDARD: &str = "Standard";
pub(super) const ADVANCED: &str = "Advanced";
/// SSM chooses the tier at each write. No parameter has this tier.
pub(super) const INTELLIGENT_TIERING: &str = "Intelligent-Tiering";

/// `Intelligent-Tiering` is equal to the tier that SSM returns, because SSM chooses it. So an import plans no change.
pub(super) fn same_tier(_: &Value, desired: &Value) -> bool {
    desired.as_str() == Some(INTELLIGENT_TIERING)
}
