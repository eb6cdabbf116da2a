//! `elasticache_security_group`: who may reach a cache.

mod cidr;
mod convert;
mod dependents;
mod model;
mod plan;
mod recover;
mod resource;
mod rules;
mod schema;

pub use resource::SecurityGroup;

#[cfg(test)]
mod tests;
