//! `elasticache_engine_versions`: the versions of an engine.

mod attributes;
mod convert;
mod data_source;

#[cfg(test)]
mod tests;

pub use data_source::EngineVersionsData;
