//! `elasticache_snapshot`: a manual snapshot of a cache, or a copy of a snapshot.

mod model;
mod plan;
mod recover;
mod request;
mod resource;
mod schema;
mod shown;

pub(crate) use model::{NodeSnapshotModel, SnapshotModel};
pub use resource::Snapshot;
pub(crate) use shown::attributes as shown_attributes;

#[cfg(test)]
mod tests;
