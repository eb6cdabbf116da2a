//! Attributes of the data source `elasticache_snapshots`.

use crate::data_sources::snapshot;
use crate::object;
use crate::schema::{Attribute, Check, common, computed, optional};
use crate::services::elasticache::snapshot::Filter;
use crate::value::Field;

object! {
    /// Existing snapshots of one cache or of all caches, newest first; an empty list if there is none. Snapshots that are
    /// being deleted are omitted.
    pub struct SnapshotsDataModel {
        /// ID of the replication group of the snapshots, which may be deleted. Automated snapshots of a replication group
        /// without cluster mode are of one of its nodes. If omitted, snapshots of all caches are listed.
        replication_group_id: Field<String> = searched(),
        /// ID of the node of the snapshots. If omitted, snapshots of all nodes are listed.
        cache_cluster_id: Field<String> = searched(),
        snapshot_source: Field<String> = snapshot::source(optional()),
        created_after: Field<String> = snapshot::created_after(),
        created_before: Field<String> = snapshot::created_before(),
        /// Names of the snapshots, newest first.
        names: Field<Vec<String>> = computed(),
        /// The snapshots, newest first.
        snapshots: Field<Vec<ListedSnapshotModel>> = computed(),
        region: Field<String> = common::region_to_ask(),
    }
}

object! {
    /// A snapshot.
    pub struct ListedSnapshotModel {
        /// Name of the snapshot.
        name: Field<String> = computed(),
        /// ARN of the snapshot.
        arn: Field<String> = computed(),
        /// Status of the snapshot: `available`, `creating`, `copying` or `restoring`.
        status: Field<String> = computed(),
        /// ID of the replication group.
        replication_group_id: Field<String> = computed(),
        /// ID of the node.
        cache_cluster_id: Field<String> = computed(),
        /// Source of the snapshot: `manual` or `automated`.
        snapshot_source: Field<String> = computed(),
        /// Time at which the data was taken, in RFC 3339.
        snapshot_create_time: Field<String> = computed(),
        /// Engine of the cache.
        engine: Field<String> = computed(),
        /// Engine version of the cache.
        engine_version: Field<String> = computed(),
        /// Node type of the cache.
        node_type: Field<String> = computed(),
        /// Number of shards of the replication group.
        num_node_groups: Field<i32> = computed(),
        /// KMS key that encrypts the snapshot.
        kms_key_id: Field<String> = computed(),
    }
}

fn searched() -> Attribute {
    optional().check(Check::Length(1, 255))
}

impl SnapshotsDataModel {
    /// The filter of the arguments.
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
}
