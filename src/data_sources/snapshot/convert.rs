//! From AWS's types to the snapshot.

use aws_sdk_elasticache::types::Snapshot;

use super::attributes::SnapshotDataModel;
use crate::resources::snapshot::SnapshotModel;

impl SnapshotDataModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(self, snapshot: &Snapshot) -> Self {
        let status = snapshot.snapshot_status().map(str::to_owned).into();
        let observed = SnapshotModel::default().flatten(snapshot);
        Self {
            id: observed.id,
            name: observed.name,
            replication_group_id: observed.replication_group_id,
            cache_cluster_id: observed.cache_cluster_id,
            snapshot_source: observed.snapshot_source,
            arn: observed.arn,
            status,
            kms_key_id: observed.kms_key_id,
            snapshot_create_time: observed.snapshot_create_time,
            cache: observed.cache,
            ..self
        }
    }
}
