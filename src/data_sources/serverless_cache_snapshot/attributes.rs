//! Attributes of the data source `elasticache_serverless_cache_snapshot`.

use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::serverless_cache_snapshot::ContentsModel;
use crate::schema::{Check, Equivalence, common, computed, optional, optional_computed};
use crate::services::elasticache::serverless_cache_snapshot::Filter;
use crate::value::Field;

object! {
    /// Reads one snapshot of a serverless cache, by its name or as the newest of a cache, for `snapshot_arns_to_restore`
    /// of a new cache. Snapshots that are being created or deleted are omitted.
    pub struct ServerlessCacheSnapshotDataModel {
        /// Name of the snapshot. Case is ignored. At least one of `name` and `serverless_cache_name` is required;
        /// if omitted, the name of the snapshot that is found.
        name: Field<String> =
            optional_computed().check(Check::Length(1, 255)).equivalent_if(Equivalence::IgnoreCase),
        /// Name of the serverless cache, which may no longer exist. Case is ignored. If omitted, snapshots of every
        /// cache are searched.
        serverless_cache_name: Field<String> =
            optional_computed().check(Check::Length(1, 40)).equivalent_if(Equivalence::IgnoreCase),
        /// Type of the snapshot as AWS returns it, such as `manual`. Case is ignored. If omitted, snapshots of
        /// every type are searched.
        snapshot_type: Field<String> = optional_computed().equivalent_if(Equivalence::IgnoreCase),
        /// Whether to use the newest of several snapshots that match. Defaults to `false`: several matches are an
        /// error.
        most_recent: Field<bool> = optional(),
        /// Name of the snapshot, in lower case.
        id: Field<String> = computed(),
        /// ARN of the snapshot.
        arn: Field<String> = computed(),
        /// Status of the snapshot: `available`.
        status: Field<String> = computed(),
        /// KMS key that encrypts the snapshot; null for a key of ElastiCache.
        kms_key_id: Field<String> = computed(),
        /// Time at which the data of the cache was obtained for the snapshot, in RFC 3339 format.
        create_time: Field<String> = computed(),
        /// Time at which AWS deletes the snapshot, in RFC 3339 format; null for one that is retained.
        expiry_time: Field<String> = computed(),
        /// Size of the data in bytes.
        bytes_used_for_cache: Field<i64> = computed(),
        /// Engine of the cache: `valkey`, `redis` or `memcached`.
        engine: Field<String> = computed(),
        /// Major engine version of the cache.
        major_engine_version: Field<String> = computed(),
        region: Field<String> = common::region_to_ask(),
        tags: Field<Tags> = common::tags_shown(),
    }
}

impl ServerlessCacheSnapshotDataModel {
    /// What is searched for.
    pub(super) fn filter(&self) -> Filter<'_> {
        Filter {
            name: self.name.text(),
            cache: self.serverless_cache_name.text(),
            snapshot_type: self.snapshot_type.text(),
        }
    }

    /// The model with the attributes of a snapshot.
    pub(super) fn with_contents(self, contents: ContentsModel) -> Self {
        Self {
            snapshot_type: contents.snapshot_type,
            arn: contents.arn,
            status: contents.status,
            create_time: contents.create_time,
            expiry_time: contents.expiry_time,
            bytes_used_for_cache: contents.bytes_used_for_cache,
            engine: contents.engine,
            major_engine_version: contents.major_engine_version,
            ..self
        }
    }
}
