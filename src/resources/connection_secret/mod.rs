//! `elasticache_connection_secret`: all an application needs to reach a cache, as JSON
//! in Secrets Manager, kept current.

mod contents;
mod model;
mod resource;
mod schema;

pub(crate) use contents::Contents;
pub use resource::ConnectionSecret;
