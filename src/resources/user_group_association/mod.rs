//! `elasticache_user_group_association`: one user as a member of one user group.

mod attributes;
mod resource;

pub use resource::UserGroupAssociation;
