//! Snapshots that were listed, as a typed model.

use aws_sdk_elasticache::types::Snapshot as LiveSnapshot;

use crate::model;
use crate::resources::snapshot::SnapshotModel;
use crate::services::elasticache::snapshot::Filter;
use crate::value::Field;

model! {
    /// The data source `elasticache_snapshots`.
    pub struct SnapshotsDataModel {
        /// Group they are of.
        replication_group_id: Field<String>,
        /// Node they are of.
        cache_cluster_id: Field<String>,
        /// Manual or automated.
        snapshot_source: Field<String>,
        /// Only with data from after this moment.
        created_after: Field<String>,
        /// Only with data from before this moment.
        created_before: Field<String>,
        /// Their names, newest first.
        names: Field<Vec<String>>,
        /// They themselves, newest first.
        snapshots: Field<Vec<ListedSnapshotModel>>,
        /// Region.
        region: Field<String>,
    }
}

model! {
    /// An element of `snapshots`.
    pub struct ListedSnapshotModel {
        /// Name.
        name: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// Status.
        status: Field<String>,
        /// Group it is of.
        replication_group_id: Field<String>,
        /// Node it is of.
        cache_cluster_id: Field<String>,
        /// Manual or automated.
        snapshot_source: Field<String>,
        /// When the data was taken.
        snapshot_create_time: Field<String>,
        /// Engine of the cache.
        engine: Field<String>,
        /// Its version.
        engine_version: Field<String>,
        /// Node type of the cache.
        node_type: Field<String>,
        /// Shards.
        num_node_groups: Field<i32>,
        /// Key that encrypts it.
        kms_key_id: Field<String>,
    }
}

impl SnapshotsDataModel {
    /// What is looked for.
    pub(super) fn filter(&self) -> Filter<'_> {
        Filter {
            name: None,
            group: self.replication_group_id.text(),
            cluster: self.cache_cluster_id.text(),
            source: self.snapshot_source.text(),
            after: self.created_after.text(),
            before: self.created_before.text(),
        }
    }

    /// The model with these snapshots.
    pub(super) fn with_live(self, found: &[LiveSnapshot]) -> Self {
        let snapshots: Vec<ListedSnapshotModel> = found.iter().map(listed).collect();
        let names = snapshots.iter().filter_map(|snapshot| snapshot.name.known().cloned()).collect();
        Self { names: Field::Known(names), snapshots: Field::Known(snapshots), ..self }
    }
}

fn listed(live: &LiveSnapshot) -> ListedSnapshotModel {
    let status = live.snapshot_status().map(str::to_owned).into();
    let live = SnapshotModel::default().with_live(live);
    ListedSnapshotModel {
        name: live.name,
        arn: live.arn,
        status,
        replication_group_id: live.replication_group_id,
        cache_cluster_id: live.cache_cluster_id,
        snapshot_source: live.snapshot_source,
        snapshot_create_time: live.snapshot_create_time,
        engine: live.engine,
        engine_version: live.engine_version,
        node_type: live.node_type,
        num_node_groups: live.num_node_groups,
        kms_key_id: live.kms_key_id,
    }
}
