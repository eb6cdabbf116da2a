//! `elasticache_node_types`: the node types a group may scale to.

mod data_source;
mod model;
mod schema;

pub use data_source::NodeTypesData;
