//! The actions, one folder each: `attributes`, `action` (what is done). Deleting a folder and its line below removes the
//! action.

pub mod failover_global_replication_group;
mod global_datastore;
pub mod rebalance_slots_in_global_replication_group;

use crate::engine::AnyAction;

/// Every action of the provider, by name. Server, docs and tests walk this list.
pub static ACTIONS: &[&dyn AnyAction] = &[
    &failover_global_replication_group::FailoverGlobalReplicationGroup,
    &rebalance_slots_in_global_replication_group::RebalanceSlotsInGlobalReplicationGroup,
];
