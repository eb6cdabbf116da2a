//! `elasticache_serverless_cache`, the data source: an existing serverless cache.

mod attributes;
mod convert;
mod data_source;

#[cfg(test)]
mod tests;

pub(in crate::data_sources) use attributes::CacheModel;
pub use data_source::ServerlessCacheData;
pub(in crate::data_sources) use data_source::list_tags;
