//! `elasticache_dashboard`: a CloudWatch dashboard that follows the nodes of a replication group.

mod attributes;
mod body;
mod infer;
mod resource;
mod validate;

pub use resource::Dashboard;

#[cfg(test)]
mod tests;
