//! The data sources, one folder each: `schema`, `model`, `data_source` (what is
//! asked). Deleting a folder and its line below removes the data source. What AWS
//! shows is read by the code of the resource of the same name.

mod absent;
pub mod replication_group;

use crate::engine::AnyDataSource;

/// Every data source of the provider, by name. Server, docs and tests walk this list.
pub static DATA_SOURCES: &[&dyn AnyDataSource] = &[&replication_group::ReplicationGroupData];

#[cfg(test)]
mod tests;
