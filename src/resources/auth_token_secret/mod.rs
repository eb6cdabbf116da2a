//! `elasticache_auth_token_secret`: an AUTH token in Secrets Manager, from the configuration or generated.

mod attributes;
mod resource;
mod validate;

pub use resource::AuthTokenSecret;

#[cfg(test)]
mod tests;
