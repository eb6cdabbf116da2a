//! `elasticache_user_group`: the users of role-based access control that a cache takes.

mod adopt;
mod default_user;
mod model;
mod resource;
mod schema;

pub use resource::UserGroup;
