//! `elasticache_user`: a user of role-based access control.

mod login;
mod model;
mod recover;
mod request;
mod resource;
mod schema;
mod validate;

pub use resource::User;

#[cfg(test)]
mod tests;
