//! `list "elasticache_serverless_cache"`: the serverless caches of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::ServerlessCacheList;
