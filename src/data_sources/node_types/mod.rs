//! `elasticache_node_types`: the node types to which a replication group can scale.

mod attributes;
mod convert;
mod data_source;

pub use data_source::NodeTypesData;
