//! Attributes of the data source `elasticache_serverless_cache`.

use crate::engine::state::tags::Tags;
use crate::object;
use crate::schema::{Check, Equivalence, common, computed, required};
use crate::value::Field;

object! {
    /// Reads an existing serverless cache.
    pub struct ServerlessCacheDataModel {
        /// Name of the serverless cache. Case is ignored.
        name: Field<String> = required().check(Check::Length(1, 40)).equivalent_if(Equivalence::IgnoreCase),
        cache: CacheModel,
        region: Field<String> = common::region_to_ask(),
        tags: Field<Tags> = common::tags_shown(),
    }
}

object! {
    /// What AWS returns of a serverless cache.
    pub struct CacheModel {
        /// Name of the serverless cache, in lower case.
        id: Field<String> = computed(),
        /// ARN of the serverless cache.
        arn: Field<String> = computed(),
        /// Description of the cache; empty if it has none.
        description: Field<String> = computed(),
        /// Status of the cache: `creating`, `available`, `modifying` or `create-failed`.
        status: Field<String> = computed(),
        /// Time at which AWS created the cache, in RFC 3339 format.
        create_time: Field<String> = computed(),
        /// Engine: `valkey`, `redis` or `memcached`.
        engine: Field<String> = computed(),
        /// Major version of the engine, such as `8`.
        major_engine_version: Field<String> = computed(),
        /// Engine version that runs, such as `8.1`.
        full_engine_version: Field<String> = computed(),
        /// Limits on the use of the cache; null if it has none.
        cache_usage_limits: Field<UsageLimitsModel> = computed(),
        /// Number of days for which daily snapshots are retained; `0` for no daily snapshots.
        snapshot_retention_limit: Field<i32> = computed(),
        /// Time of day at which AWS takes the daily snapshot, in UTC.
        daily_snapshot_time: Field<String> = computed(),
        /// KMS key that encrypts the data at rest; null for a key of ElastiCache.
        kms_key_id: Field<String> = computed(),
        /// Encryption of the data at rest as AWS reports it.
        storage_encryption_type: Field<String> = computed(),
        /// IDs of the security groups of the VPC endpoint, sorted.
        security_group_ids: Field<Vec<String>> = computed(),
        /// IDs of the subnets of the VPC endpoint, sorted.
        subnet_ids: Field<Vec<String>> = computed(),
        /// User group for role-based access control (RBAC); null if there is none.
        user_group_id: Field<String> = computed(),
        /// IP protocol of the cache: `ipv4`, `ipv6` or `dual_stack`; null if AWS does not return it.
        network_type: Field<String> = computed(),
        /// Where the cache is reached from: `vpc` or `public`.
        connection_type: Field<String> = computed(),
        /// Address and port for reads and writes; null while AWS creates the cache.
        endpoint: Field<EndpointModel> = computed(),
        /// Address and port for reads; null while AWS creates the cache.
        reader_endpoint: Field<EndpointModel> = computed(),
    }
}

object! {
    /// Limits on the use of a serverless cache.
    pub struct UsageLimitsModel {
        /// Limits of the data in the cache; null if there are none.
        data_storage: Field<DataStorageModel> = computed(),
        /// Limits of the ElastiCache Processing Units (ECPUs) per second; null if there are none.
        ecpu_per_second: Field<EcpuPerSecondModel> = computed(),
    }
}

object! {
    /// Limits of the data in the cache.
    pub struct DataStorageModel {
        /// Most data in the cache; null if there is no maximum.
        maximum: Field<i32> = computed(),
        /// Storage that is kept ready at all times; null if there is no minimum.
        minimum: Field<i32> = computed(),
        /// Unit of the limits: `GB`.
        unit: Field<String> = computed(),
    }
}

object! {
    /// Limits of the ECPUs per second.
    pub struct EcpuPerSecondModel {
        /// Most ECPUs per second; null if there is no maximum.
        maximum: Field<i32> = computed(),
        /// ECPUs per second that are kept ready at all times; null if there is no minimum.
        minimum: Field<i32> = computed(),
    }
}

object! {
    /// Address and port.
    pub struct EndpointModel {
        /// DNS name.
        address: Field<String> = computed(),
        /// Port.
        port: Field<i32> = computed(),
    }
}
