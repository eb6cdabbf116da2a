//! `elasticache_connection_secret`: the connection to a cache as JSON in Secrets Manager.

mod attributes;
mod contents;
mod plan;
mod resource;
mod rules;
#[cfg(test)]
mod tests;

pub(crate) use contents::Contents;
pub use resource::ConnectionSecret;
