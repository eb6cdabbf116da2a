//! `elasticache_global_replication_group`, the data source: an existing global datastore.

mod attributes;
mod convert;
mod data_source;
#[cfg(test)]
mod tests;

pub use data_source::GlobalReplicationGroupData;
