//! `list "elasticache_user"`: the RBAC users of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::UserList;
