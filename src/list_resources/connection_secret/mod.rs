//! `list "elasticache_connection_secret"`: the secrets with a prefix.

mod attributes;
mod list_resource;

pub use list_resource::ConnectionSecretList;
