//! `elasticache_serverless_cache_snapshot`, the data source: an existing snapshot.

mod attributes;
mod data_source;

#[cfg(test)]
mod tests;

pub use data_source::ServerlessCacheSnapshotData;
