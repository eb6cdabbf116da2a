//! `list "elasticache_log_group"`: log groups, by default those of caches.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::LogGroupList;
