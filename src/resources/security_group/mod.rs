//! `elasticache_security_group`: the clients that may connect to a cache.

mod attributes;
mod cidr;
mod convert;
mod dependents;
mod plan;
mod recover;
mod resource;
mod rules;
mod validate;

pub use resource::SecurityGroup;

#[cfg(test)]
mod tests;
