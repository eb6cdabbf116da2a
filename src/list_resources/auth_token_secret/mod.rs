//! `list "elasticache_auth_token_secret"`: the secrets with a prefix.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::AuthTokenSecretList;
