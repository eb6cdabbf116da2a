//! From AWS's types to a list of snapshots.

use aws_sdk_elasticache::types::Snapshot;

use super::attributes::{ListedSnapshotModel, SnapshotsDataModel};
use crate::resources::snapshot::SnapshotModel;
use crate::value::Field;

impl SnapshotsDataModel {
    /// The model with these snapshots.
    pub(super) fn flatten(self, found: &[Snapshot]) -> Self {
        let snapshots: Vec<ListedSnapshotModel> = found.iter().map(flatten_one).collect();
        let names = snapshots.iter().filter_map(|snapshot| snapshot.name.known().cloned()).collect();
        Self { names: Field::Known(names), snapshots: Field::Known(snapshots), ..self }
    }
}

fn flatten_one(snapshot: &Snapshot) -> ListedSnapshotModel {
    let status = snapshot.snapshot_status().map(str::to_owned).into();
    let observed = SnapshotModel::default().flatten(snapshot);
    ListedSnapshotModel {
        name: observed.name,
        arn: observed.arn,
        status,
        replication_group_id: observed.replication_group_id,
        cache_cluster_id: observed.cache_cluster_id,
        snapshot_source: observed.snapshot_source,
        snapshot_create_time: observed.snapshot_create_time,
        engine: observed.cache.engine,
        engine_version: observed.cache.engine_version,
        node_type: observed.cache.node_type,
        num_node_groups: observed.cache.num_node_groups,
        kms_key_id: observed.kms_key_id,
    }
}
