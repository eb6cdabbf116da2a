//! `list "elasticache_global_replication_group"`: the global datastores with a member in a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::GlobalReplicationGroupList;
