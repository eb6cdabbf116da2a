//! `elasticache_serverless_cache_snapshots`: the snapshots of serverless caches that match.

mod attributes;
mod data_source;

pub use data_source::ServerlessCacheSnapshotsData;
