//! `elasticache_subnet_group`, the data source: an existing subnet group.

mod attributes;
mod convert;
mod data_source;

pub use data_source::SubnetGroupData;
