//! `elasticache_engine_versions`: the versions a cache may have.

mod data_source;
mod model;
mod schema;

#[cfg(test)]
mod tests;

pub use data_source::EngineVersionsData;
