//! `list "elasticache_security_group"`: the security groups of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::SecurityGroupList;
