//! `list "elasticache_service_update"`: the service updates that are applied to the replication groups of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::ServiceUpdateList;
