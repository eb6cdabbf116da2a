//! `elasticache_snapshot`, the data source: one existing snapshot.

mod attributes;
mod convert;
mod data_source;

pub(in crate::data_sources) use attributes::{created_after, created_before, source};
pub use data_source::SnapshotData;

#[cfg(test)]
mod tests;
