//! `elasticache_log_group`: a log group of CloudWatch Logs that a cache delivers its
//! logs to.

mod api;
mod model;
mod plan;
mod resource;
mod schema;

pub use resource::LogGroup;

#[cfg(test)]
mod tests;
