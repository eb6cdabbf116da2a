//! `elasticache_serverless_cache_snapshot`: a manual snapshot of a serverless cache, or a copy of one.

mod attributes;
mod convert;
mod plan;
mod recover;
mod resource;
mod rules;
mod validate;

pub(crate) use attributes::ContentsModel;
pub(crate) use convert::contents;
pub use resource::ServerlessCacheSnapshot;

#[cfg(test)]
mod tests;
