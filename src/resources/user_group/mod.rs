//! `elasticache_user_group`: a user group of role-based access control (RBAC).

mod attributes;
mod convert;
mod default_user;
mod password;
mod plan;
mod recover;
mod resource;
mod validate;

pub use resource::UserGroup;
