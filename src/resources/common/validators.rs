//! Rules for values that several resources accept.

use crate::value::Value;

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
