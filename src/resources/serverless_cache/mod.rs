//! `elasticache_serverless_cache`: a serverless cache.

mod attributes;
mod convert;
mod deletion_protection;
mod engine;
mod limits;
mod plan;
mod recover;
mod resource;
mod rules;
mod update;
mod validate;

pub(crate) use attributes::ServerlessCacheModel;
pub(crate) use convert::flatten;
pub use resource::ServerlessCache;

#[cfg(test)]
mod tests;
