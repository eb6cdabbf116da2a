//! `elasticache_user_group`: the users of role-based access control that a cache takes.

mod default_user;
mod model;
mod password;
mod recover;
mod request;
mod resource;
mod schema;

pub use resource::UserGroup;
