//! `elasticache_parameter_group`, the data source: a parameter group that is there, with
//! every parameter.

mod data_source;
mod model;
mod schema;

#[cfg(test)]
mod tests;

pub use data_source::ParameterGroupData;
