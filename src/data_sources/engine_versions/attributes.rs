//! Attributes of the data source `elasticache_engine_versions`.

use std::collections::BTreeMap;

use crate::object;
use crate::schema::{Check, common, computed, optional, required};
use crate::value::Field;

object! {
    /// The versions of an engine that AWS offers in the Region. A configuration that uses `latest_version` upgrades its
    /// caches as soon as AWS offers a newer version; set `major_version` as well, or use a fixed version. See
    /// [DescribeCacheEngineVersions](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheEngineVersions.html).
    pub struct EngineVersionsDataModel {
        /// Engine: `valkey` or `redis`.
        engine: Field<String> = required().check(Check::OneOf(&["valkey", "redis"])),
        /// Parameter group family, such as `valkey8` or `redis7`. If omitted, versions of all families are returned.
        family: Field<String> = optional().check(Check::Length(1, 255)),
        /// Major version, such as `8`. If omitted, all major versions are returned.
        major_version: Field<i64> = optional().check(Check::AtLeast(1)),
        /// Same as `engine`.
        id: Field<String> = computed(),
        /// The matching versions, oldest first. Empty if there is none.
        versions: Field<Vec<EngineVersionModel>> = computed(),
        /// Newest of the versions; null if there is none.
        latest_version: Field<String> = computed(),
        /// Parameter group family of the newest version; null if there is none.
        latest_family: Field<String> = computed(),
        /// Newest of the versions of each major version.
        latest_by_major: Field<BTreeMap<String, String>> = computed(),
        /// Default version of the engine, regardless of `family` and `major_version`; null if AWS returns none.
        default_version: Field<String> = computed(),
        /// Parameter group families of the versions, oldest first.
        families: Field<Vec<String>> = computed(),
        region: Field<String> = common::region_to_ask(),
    }
}

object! {
    /// A version of an engine.
    pub struct EngineVersionModel {
        /// Engine: `valkey` or `redis`.
        engine: Field<String> = computed(),
        /// Version, as `engine_version` of `elasticache_replication_group` accepts it.
        version: Field<String> = computed(),
        /// Family of its parameter groups, such as `valkey8`.
        family: Field<String> = computed(),
        /// Description of the version by AWS.
        description: Field<String> = computed(),
    }
}
