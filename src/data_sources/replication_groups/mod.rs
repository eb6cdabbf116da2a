//! `elasticache_replication_groups`: the replication groups that fit.

mod attributes;
mod convert;
mod data_source;

#[cfg(test)]
mod tests;

pub use data_source::ReplicationGroupsData;
