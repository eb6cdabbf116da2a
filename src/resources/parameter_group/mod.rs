//! `elasticache_parameter_group`: the engine settings of a cache.

mod changes;
mod in_use;
mod model;
mod parameters;
mod plan;
mod recover;
mod request;
mod resource;
mod schema;
mod validate;

pub use resource::ParameterGroup;

#[cfg(test)]
mod tests;
