//! `elasticache_user_group_association`: one user as a member of one user group.

mod model;
mod resource;
mod schema;

pub use resource::UserGroupAssociation;
