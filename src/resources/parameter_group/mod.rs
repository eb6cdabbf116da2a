//! `elasticache_parameter_group`: the engine settings of a cache.

mod known;
mod look;
mod model;
mod parameters;
mod resource;
mod schema;
mod validate;

pub(crate) use look::{Seen, look};
pub use resource::ParameterGroup;

#[cfg(test)]
mod tests;
