//! `elasticache_parameter_group`, the data source: an existing parameter group with its parameters.

mod attributes;
mod convert;
mod data_source;

#[cfg(test)]
mod tests;

pub use data_source::ParameterGroupData;
