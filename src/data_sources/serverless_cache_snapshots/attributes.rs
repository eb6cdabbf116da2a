//! Attributes of the data source `elasticache_serverless_cache_snapshots`.

use crate::object;
use crate::resources::serverless_cache_snapshot::ContentsModel;
use crate::schema::{Check, common, computed, optional};
use crate::services::elasticache::serverless_cache_snapshot::Filter;
use crate::value::Field;

object! {
    /// Lists the snapshots of one or all serverless caches, newest first. Snapshots that are being deleted are omitted.
    pub struct ServerlessCacheSnapshotsDataModel {
        /// Name of the serverless cache, which may no longer exist. Case is ignored. If omitted, the snapshots of
        /// every cache are listed.
        serverless_cache_name: Field<String> = optional().check(Check::Length(1, 40)),
        /// Type of the snapshots as AWS returns it, such as `manual`. If omitted, snapshots of every type are
        /// listed.
        snapshot_type: Field<String> = optional(),
        /// Names of the snapshots, newest first.
        names: Field<Vec<String>> = computed(),
        /// The snapshots, newest first.
        snapshots: Field<Vec<ListedSnapshotModel>> = computed(),
        region: Field<String> = common::region_to_ask(),
    }
}

object! {
    /// A snapshot of a serverless cache.
    pub struct ListedSnapshotModel {
        /// Name of the snapshot, in lower case.
        name: Field<String> = computed(),
        /// Name of the serverless cache.
        serverless_cache_name: Field<String> = computed(),
        /// KMS key that encrypts the snapshot; null for a key of ElastiCache.
        kms_key_id: Field<String> = computed(),
        contents: ContentsModel,
    }
}

impl ServerlessCacheSnapshotsDataModel {
    /// What is searched for.
    pub(super) fn filter(&self) -> Filter<'_> {
        Filter {
            name: None,
            cache: self.serverless_cache_name.text(),
            snapshot_type: self.snapshot_type.text(),
        }
    }
}
