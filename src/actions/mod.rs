//! The actions, one folder each: `attributes`, `action` (what is done). Deleting a folder and its line below removes the
//! action.

pub mod apply_service_update;
pub mod create_snapshot;
pub mod failover_global_replication_group;
#[cfg(test)]
mod fake_group;
mod global_datastore;
pub mod promote_replica;
pub mod rebalance_slots_in_global_replication_group;
pub mod reboot_nodes;
mod replication_group;
mod service_update;
pub mod stop_service_update;
pub mod test_failover;

use crate::engine::AnyAction;

/// Every action of the provider, by name. Server, docs and tests walk this list.
pub static ACTIONS: &[&dyn AnyAction] = &[
    &apply_service_update::ApplyServiceUpdate,
    &create_snapshot::CreateSnapshot,
    &failover_global_replication_group::FailoverGlobalReplicationGroup,
    &promote_replica::PromoteReplica,
    &rebalance_slots_in_global_replication_group::RebalanceSlotsInGlobalReplicationGroup,
    &reboot_nodes::RebootNodes,
    &stop_service_update::StopServiceUpdate,
    &test_failover::TestFailover,
];
