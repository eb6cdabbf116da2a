//! `elasticache_snapshots`: the snapshots that are there.

mod data_source;
mod model;
mod schema;

pub use data_source::SnapshotsData;
