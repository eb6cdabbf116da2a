//! `elasticache_replication_groups`: the replication groups that fit.

mod data_source;
mod model;
mod schema;

#[cfg(test)]
mod tests;

pub use data_source::ReplicationGroupsData;
