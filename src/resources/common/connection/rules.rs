//! Rules over one value of a configuration.

use super::url;
use crate::value::Value;

/// The host of a connection.
pub(in crate::resources) fn check_host(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), url::check_host)
}

/// Query parameters of a URL.
pub(super) fn check_parameters(value: &Value) -> Result<(), String> {
    match value.as_map() {
        Some(entries) if entries.contains_key("") => {
            Err("must have names that are not empty, but has an empty one".to_owned())
        }
        _ => Ok(()),
    }
}
