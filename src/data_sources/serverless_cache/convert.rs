//! From the API to the data source.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{CacheUsageLimits, DataStorageUnit, Endpoint, ServerlessCache};

use super::attributes::{CacheModel, DataStorageModel, EcpuPerSecondModel, EndpointModel, UsageLimitsModel};
use crate::resources::serverless_cache::{ServerlessCacheModel, flatten};
use crate::value::Field;

impl CacheModel {
    /// What AWS returns of the cache.
    pub(in crate::data_sources) fn new(cache: &ServerlessCache) -> Self {
        let observed = flatten(ServerlessCacheModel::default(), cache);
        Self {
            id: observed.id,
            arn: observed.arn,
            description: Field::Known(observed.description.into_known().unwrap_or_default()),
            status: observed.status,
            create_time: observed.create_time,
            engine: observed.engine,
            major_engine_version: observed.major_engine_version,
            full_engine_version: observed.full_engine_version,
            cache_usage_limits: cache.cache_usage_limits().and_then(limits).into(),
            snapshot_retention_limit: observed.snapshot_retention_limit,
            daily_snapshot_time: observed.daily_snapshot_time,
            kms_key_id: observed.kms_key_id,
            storage_encryption_type: observed.storage_encryption_type,
            security_group_ids: sorted(observed.security_group_ids),
            subnet_ids: sorted(observed.subnet_ids),
            user_group_id: observed.user_group_id,
            network_type: observed.network_type,
            connection_type: observed.connection_type,
            endpoint: endpoint(cache.endpoint()),
            reader_endpoint: endpoint(cache.reader_endpoint()),
        }
    }
}

fn sorted(ids: Field<BTreeSet<String>>) -> Field<Vec<String>> {
    Field::Known(ids.into_known().unwrap_or_default().into_iter().collect())
}

/// The limits; `None` without any.
fn limits(limits: &CacheUsageLimits) -> Option<UsageLimitsModel> {
    let limit = |limit: Option<i32>| limit.filter(|limit| *limit != 0);
    let storage = limits.data_storage().and_then(|storage| {
        let (maximum, minimum) = (limit(storage.maximum()), limit(storage.minimum()));
        (maximum.is_some() || minimum.is_some()).then(|| DataStorageModel {
            maximum: maximum.into(),
            minimum: minimum.into(),
            unit: storage.unit().map(DataStorageUnit::as_str).into(),
        })
    });
    let ecpu = limits.ecpu_per_second().and_then(|ecpu| {
        let (maximum, minimum) = (limit(ecpu.maximum()), limit(ecpu.minimum()));
        (maximum.is_some() || minimum.is_some())
            .then(|| EcpuPerSecondModel { maximum: maximum.into(), minimum: minimum.into() })
    });
    (storage.is_some() || ecpu.is_some())
        .then(|| UsageLimitsModel { data_storage: storage.into(), ecpu_per_second: ecpu.into() })
}

fn endpoint(endpoint: Option<&Endpoint>) -> Field<EndpointModel> {
    let whole = endpoint.filter(|endpoint| endpoint.address().is_some());
    whole
        .map(|endpoint| EndpointModel { address: endpoint.address().into(), port: endpoint.port().into() })
        .into()
}
