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

/// `Intelligent-Tiering` is equal to any tier, because SSM then chooses it.
pub(super) fn same_tier(_: &Value, desired: &Value) -> bool {
    desired.as_str() == Some("Intelligent-Tiering")
}

/// SSM does not lower a tier. An unknown tier may become the lower one, and Terraform core rejects a replacement that was
/// not planned.
pub(super) fn lowers_tier(prior: &Value, planned: &Value) -> bool {
    prior.as_str() == Some("Advanced") && (planned.is_unknown() || planned.as_str() == Some("Standard"))
}
