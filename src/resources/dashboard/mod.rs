//! `elasticache_dashboard`: a CloudWatch dashboard of a serverless cache, or one that follows the nodes of a replication
//! group.

mod attributes;
mod body;
mod infer;
mod resource;
mod validate;

pub use resource::Dashboard;

#[cfg(test)]
mod tests;
