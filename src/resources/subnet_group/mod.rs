//! `elasticache_subnet_group`: the subnets in which ElastiCache may place the nodes of a cache.

mod attributes;
mod convert;
mod plan;
mod recover;
mod resource;
mod validate;

pub use resource::SubnetGroup;

#[cfg(test)]
mod tests;
