//! A new snapshot that AWS has accepted, but whose answer was lost; see
//! [`crate::resources::common::unanswered`].

use aws_sdk_elasticache::types::ServerlessCacheSnapshot;

use super::attributes::ServerlessCacheSnapshotModel;
use crate::aws::Scope;
use crate::resources::common::kms::{is_alias, same_key_text};
use crate::services::elasticache::serverless_cache_snapshot::{self, status_of};

/// The snapshot that an unanswered attempt has just begun: AWS still creates it, which takes minutes while
/// the repetition follows within seconds, and it is of the planned cache.
pub(super) async fn created(
    scope: &Scope<'_>,
    planned: &ServerlessCacheSnapshotModel,
) -> Option<ServerlessCacheSnapshot> {
    let snapshot = serverless_cache_snapshot::describe(scope, &planned.aws_name()).await.ok()?.yes()?;
    let cache = snapshot.serverless_cache_configuration().and_then(|cache| cache.serverless_cache_name());
    let is_of_cache = match planned.serverless_cache_name.text() {
        Some(desired) => cache.is_some_and(|cache| cache.eq_ignore_ascii_case(desired)),
        None => true,
    };
    let has_key = planned.kms_key_id.text().is_none_or(|key| {
        is_alias(key) || snapshot.kms_key_id().is_some_and(|found| same_key_text(key, found))
    });
    let is_ours = ["creating", "copying"].contains(&status_of(&snapshot).as_str()) && is_of_cache && has_key;
    tracing::info!(is_ours, "an answer was lost, and the snapshot exists");
    is_ours.then_some(snapshot)
}
