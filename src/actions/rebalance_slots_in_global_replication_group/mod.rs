//! `elasticache_rebalance_slots_in_global_replication_group`: distributes the slots of a global datastore evenly.

mod action;
mod attributes;
#[cfg(test)]
mod tests;

pub use action::RebalanceSlotsInGlobalReplicationGroup;
