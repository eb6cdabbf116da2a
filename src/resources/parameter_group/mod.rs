//! `elasticache_parameter_group`: a named set of engine parameters.

mod attributes;
mod changes;
mod convert;
mod in_use;
mod parameters;
mod plan;
mod recover;
mod resource;
mod rules;
mod validate;

pub use resource::ParameterGroup;

#[cfg(test)]
mod tests;
