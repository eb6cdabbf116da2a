//! `elasticache_replication_group`, the data source: a group that is there.

mod data_source;
mod model;
mod schema;

#[cfg(test)]
mod tests;

pub use data_source::ReplicationGroupData;
pub(super) use model::url;
