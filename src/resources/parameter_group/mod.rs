//! `elasticache_parameter_group`: the engine settings of a cache.

mod known;
mod model;
mod parameters;
mod resource;
mod schema;
mod validate;

pub use resource::ParameterGroup;

#[cfg(test)]
mod tests;
