//! `list "elasticache_subnet_group"`: the subnet groups of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::SubnetGroupList;
