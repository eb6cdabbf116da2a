//! `elasticache_subnet_group`: the subnets a cache may use.

mod adopt;
mod look;
mod model;
mod resource;
mod schema;

pub(crate) use look::look;
pub use resource::SubnetGroup;

#[cfg(test)]
mod tests;
