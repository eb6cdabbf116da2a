//! `list "elasticache_serverless_cache_snapshot"`: the snapshots of serverless caches of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::ServerlessCacheSnapshotList;
