//! `elasticache_auth_token_secret`: an AUTH token, given or generated, in Secrets Manager.

mod model;
mod resource;
mod schema;

pub use resource::AuthTokenSecret;

#[cfg(test)]
mod tests;
