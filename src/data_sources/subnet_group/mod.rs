//! `elasticache_subnet_group`, the data source: a subnet group that is there.

mod data_source;
mod model;
mod schema;

pub use data_source::SubnetGroupData;
