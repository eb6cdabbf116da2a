//! `elasticache_snapshot`: a manual snapshot of a cache, or a copy of a snapshot.

mod attributes;
mod convert;
mod plan;
mod recover;
mod resource;
mod validate;

pub(crate) use attributes::{SnapshotCacheModel, SnapshotModel, create_time};
pub use resource::Snapshot;

#[cfg(test)]
mod tests;
