//! Rules for the arguments of a snapshot.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::diag::Diagnostics;
use crate::resources::common::names::SUFFIX;
use crate::resources::common::validators;
use crate::schema::pattern;
use crate::value::{Field, Path, Value};

/// User guide of S3, "General purpose bucket naming rules".
pub(super) static BUCKET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$"));

/// The beginning of a name, which may end with a hyphen and leaves space for the suffix.
pub(super) fn name_prefix(value: &Value) -> Result<(), String> {
    let Some(prefix) = value.as_str() else { return Ok(()) };
    let longest = 255 - SUFFIX;
    if prefix.len() > longest {
        return Err(format!("must have at most {longest} characters, but has {}", prefix.len()));
    }
    let begins = prefix.strip_suffix('-').unwrap_or(prefix);
    match validators::snapshot_name(&Value::from(begins)) {
        Ok(()) => Ok(()),
        Err(_) => Err(format!(
            "must be letters, digits and single hyphens, beginning with a letter, but is {prefix:?}"
        )),
    }
}

/// A snapshot has exactly one source.
pub(super) fn check_sources(sources: [(&'static str, &Field<String>); 3], diags: &mut Diagnostics) {
    let given: Vec<&str> =
        sources.iter().filter(|(_, id)| id.text().is_some()).map(|(name, _)| *name).collect();
    let unknown = sources.iter().any(|(_, id)| id.is_unknown());
    match given.as_slice() {
        [] if !unknown => diags.error_at(
            Path::attribute("replication_group_id"),
            "Missing source of the snapshot",
            "A snapshot requires a source. Set one of `replication_group_id`, `cache_cluster_id` and \
             `source_snapshot_name`.",
        ),
        [_, second, ..] => diags.error_at(
            Path::attribute(*second),
            "Conflicting sources of the snapshot",
            format!(
                "A snapshot has one source, but `{}` are set. Remove all except one.",
                given.join("` and `")
            ),
        ),
        _ => {}
    }
}
