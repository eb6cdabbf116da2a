//! Adopts a new snapshot if AWS accepted its creation, but the response was lost; see
//! [`crate::resources::common::unanswered`].

use aws_sdk_elasticache::types::Snapshot as ApiSnapshot;

use super::attributes::SnapshotModel;
use crate::aws::Scope;
use crate::resources::common::kms::same_key_text;
use crate::services::elasticache::snapshot;
use crate::value::Field;

/// The snapshot that an unanswered attempt is creating. AWS needs minutes to create it, and the next attempt follows within
/// seconds; so it has the status `creating` or `copying`, and the planned source.
pub(super) async fn created(scope: &Scope<'_>, model: &SnapshotModel) -> Option<ApiSnapshot> {
    // ElastiCache does not return exported snapshots, but the copied one is busy with the export.
    if model.bucket().is_some() {
        let copied = copied(scope, model).await;
        return copied.filter(|copied| matches!(copied.snapshot_status(), Some("exporting" | "copying")));
    }
    let observed = snapshot::describe(scope, &model.aws_name()).await.ok()?.yes()?;
    let is_planned = |planned: &Field<String>, observed: Option<&str>| match planned.text() {
        Some(planned) => observed.is_some_and(|observed| observed.eq_ignore_ascii_case(planned)),
        None => true,
    };
    let is_created = matches!(observed.snapshot_status(), Some("creating" | "copying"))
        && is_planned(&model.replication_group_id, observed.replication_group_id())
        && is_planned(&model.cache_cluster_id, observed.cache_cluster_id())
        && model.kms_key_id.text().is_none_or(|key| {
            key.contains("alias/")
                || observed.kms_key_id().is_some_and(|observed| same_key_text(key, observed))
        });
    tracing::info!(is_created, "a response was lost, and the snapshot exists");
    is_created.then_some(observed)
}

/// The copied snapshot.
pub(super) async fn copied(scope: &Scope<'_>, model: &SnapshotModel) -> Option<ApiSnapshot> {
    let source = model.source_snapshot_name.text()?.to_lowercase();
    snapshot::describe(scope, &source).await.ok()?.yes()
}
