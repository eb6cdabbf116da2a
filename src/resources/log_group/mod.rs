//! `elasticache_log_group`: a log group of CloudWatch Logs that a cache delivers its
//! logs to.

mod convert;
mod model;
mod plan;
mod recover;
mod resource;
mod schema;

pub use resource::LogGroup;

#[cfg(test)]
mod tests;
