//! `elasticache_serverless_caches`: the serverless caches that match.

mod attributes;
mod convert;
mod data_source;

pub use data_source::ServerlessCachesData;
