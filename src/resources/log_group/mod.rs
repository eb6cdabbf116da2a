//! `elasticache_log_group`: a CloudWatch Logs log group that receives the logs of a cache.

mod attributes;
mod convert;
mod plan;
mod recover;
mod resource;
mod validate;

pub use resource::LogGroup;

#[cfg(test)]
mod tests;
