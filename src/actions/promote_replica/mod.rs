//! `elasticache_promote_replica`: makes a replica of a replication group its primary.

mod action;
mod attributes;
#[cfg(test)]
mod tests;

pub use action::PromoteReplica;
