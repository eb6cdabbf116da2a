//! `list "elasticache_user_group"`: the user groups of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::UserGroupList;
