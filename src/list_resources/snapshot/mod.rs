//! `list "elasticache_snapshot"`: the manual snapshots of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::SnapshotList;
