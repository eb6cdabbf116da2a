//! `elasticache_security_group`: who may reach a cache.

mod api;
mod cidr;
mod dependents;
mod model;
mod plan;
mod resource;
mod rules;
mod schema;

pub(super) use api::{NOT_FOUND, describe};
pub use resource::SecurityGroup;

#[cfg(test)]
mod tests;
