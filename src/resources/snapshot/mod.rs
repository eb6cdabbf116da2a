//! `elasticache_snapshot`: a manual snapshot of a cache, or a copy of a snapshot.

mod api;
mod model;
mod plan;
mod resource;
mod schema;
mod shown;

pub use resource::Snapshot;

#[cfg(test)]
mod tests;
