//! The data source `elasticache_replication_group`.

mod attributes;
mod convert;
mod data_source;

#[cfg(test)]
mod tests;

pub use data_source::ReplicationGroupData;
