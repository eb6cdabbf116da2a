//! `elasticache_snapshot`, the data source: one snapshot that is there.

mod data_source;
mod model;
mod schema;

pub use data_source::SnapshotData;
pub(in crate::data_sources) use schema::limits;

#[cfg(test)]
mod tests;
