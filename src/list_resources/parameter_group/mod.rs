//! `list "elasticache_parameter_group"`: the parameter groups of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::ParameterGroupList;
