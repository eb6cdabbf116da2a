//! A new snapshot that AWS has begun, but whose answer was lost; see
//! [`crate::resources::common::unanswered`].

use aws_sdk_elasticache::types::Snapshot as LiveSnapshot;

use super::model::SnapshotModel;
use crate::aws::Scope;
use crate::resources::common::kms::same_key_text;
use crate::services::elasticache::snapshot;
use crate::value::Field;

/// The snapshot that an unanswered attempt has just begun: AWS is still at it, which
/// takes it minutes while the repetition follows within seconds, and it is of what was
/// asked for.
pub(super) async fn begun(scope: &Scope<'_>, model: &SnapshotModel) -> Option<LiveSnapshot> {
    // A file in a bucket is nothing that AWS shows.
    if model.bucket().is_some() {
        return None;
    }
    let live = snapshot::describe(scope, &model.aws_name()).await.ok()??;
    let of = |wanted: &Field<String>, live: Option<&str>| match wanted.text() {
        Some(wanted) => live.is_some_and(|live| live.eq_ignore_ascii_case(wanted)),
        None => true,
    };
    let ours = matches!(live.snapshot_status(), Some("creating" | "copying"))
        && of(&model.replication_group_id, live.replication_group_id())
        && of(&model.cache_cluster_id, live.cache_cluster_id())
        && model.kms_key_id.text().is_none_or(|key| {
            key.contains("alias/") || live.kms_key_id().is_some_and(|live| same_key_text(key, live))
        });
    tracing::info!(ours, "An answer was lost, and the snapshot exists.");
    ours.then_some(live)
}
