//! `elasticache_user`: a user of role-based access control (RBAC).

mod attributes;
mod convert;
mod login;
mod recover;
mod resource;
mod rules;
mod validate;

pub use resource::User;

#[cfg(test)]
mod tests;
