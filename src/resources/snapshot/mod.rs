//! `elasticache_snapshot`: a manual snapshot of a cache, or a copy of a snapshot.

mod api;
mod find;
mod model;
mod plan;
mod resource;
mod schema;
mod shown;

pub(crate) use find::{Wanted, check_moment, find};
pub(crate) use model::{NodeSnapshotModel, SnapshotModel};
pub use resource::Snapshot;
pub(crate) use shown::attributes as shown_attributes;

#[cfg(test)]
mod tests;
