//! `elasticache_failover_global_replication_group`: makes a secondary of a global datastore its primary.

mod action;
mod attributes;
#[cfg(test)]
mod tests;

pub use action::FailoverGlobalReplicationGroup;
