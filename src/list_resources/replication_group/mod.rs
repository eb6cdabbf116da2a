//! `list "elasticache_replication_group"`: the replication groups of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::ReplicationGroupList;
