//! The snapshot in the form of the API.

use aws_sdk_elasticache::operation::copy_snapshot::builders::CopySnapshotFluentBuilder;
use aws_sdk_elasticache::operation::create_snapshot::builders::CreateSnapshotFluentBuilder;

use super::model::SnapshotModel;
use crate::services::elasticache::tags;
use crate::value::Field;

fn text(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

/// CreateSnapshot for the planned model.
pub(super) fn expand_create(
    call: CreateSnapshotFluentBuilder,
    planned: &SnapshotModel,
) -> CreateSnapshotFluentBuilder {
    call.snapshot_name(planned.aws_name())
        .set_replication_group_id(text(&planned.replication_group_id))
        .set_cache_cluster_id(text(&planned.cache_cluster_id))
        .set_kms_key_id(text(&planned.kms_key_id))
        .set_tags(planned.tags_all.known().and_then(tags::to_api))
}

/// CopySnapshot for the planned model.
pub(super) fn expand_copy(
    call: CopySnapshotFluentBuilder,
    source: &str,
    planned: &SnapshotModel,
) -> CopySnapshotFluentBuilder {
    // A file in a bucket has no tags of ElastiCache.
    let tags = planned.tags_all.known().and_then(tags::to_api).filter(|_| planned.bucket().is_none());
    call.source_snapshot_name(source)
        .target_snapshot_name(planned.aws_name())
        .set_target_bucket(text(&planned.target_bucket))
        .set_kms_key_id(text(&planned.kms_key_id))
        .set_tags(tags)
}
