//! `elasticache_snapshots`: existing snapshots.

mod attributes;
mod convert;
mod data_source;

pub use data_source::SnapshotsData;
