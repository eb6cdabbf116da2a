//! Rules between the arguments of a snapshot of a serverless cache.

use super::attributes::ServerlessCacheSnapshotModel;
use crate::diag::Diagnostics;
use crate::value::Path;

/// A snapshot has exactly one source.
pub(super) fn validate(config: &ServerlessCacheSnapshotModel, diags: &mut Diagnostics) {
    let (cache, snapshot) = (&config.serverless_cache_name, &config.source_snapshot_name);
    let is_open = cache.is_unknown() || snapshot.is_unknown();
    match (cache.text(), snapshot.text()) {
        (None, None) if !is_open => diags.error_at(
            Path::attribute("serverless_cache_name"),
            "Missing source of the snapshot",
            "Neither `serverless_cache_name` nor `source_snapshot_name` is set. Set one of them.",
        ),
        (Some(_), Some(_)) => diags.error_at(
            Path::attribute("source_snapshot_name"),
            "Conflicting arguments",
            "`serverless_cache_name` and `source_snapshot_name` are both set, and a snapshot has one source. Remove one of \
             them.",
        ),
        _ => {}
    }
}
