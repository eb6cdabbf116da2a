//! `list "elasticache_user_group_association"`: the users of the user groups of a Region.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::UserGroupAssociationList;
