//! `elasticache_parameter_group`: the engine settings of a cache.

mod adopt;
mod known;
mod look;
mod model;
mod parameters;
mod resource;
mod schema;
pub(crate) mod users;
mod validate;

pub(crate) use look::{NOT_FOUND, Seen, describe, look};
pub use resource::ParameterGroup;

#[cfg(test)]
mod tests;
