//! `elasticache_subnet_group`: the subnets a cache may use.

mod model;
mod recover;
mod request;
mod resource;
mod schema;

pub use resource::SubnetGroup;

#[cfg(test)]
mod tests;
