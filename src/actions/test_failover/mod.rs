//! `elasticache_test_failover`: fails one shard of a replication group over to a replica.

mod action;
mod attributes;
#[cfg(test)]
mod tests;

pub use action::TestFailover;
