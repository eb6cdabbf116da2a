//! `elasticache_user`: a user of role-based access control.

mod adopt;
mod checks;
mod credentials;
mod model;
mod resource;
mod schema;

pub use resource::User;

#[cfg(test)]
mod tests;
