//! The data sources, one folder each: `attributes` and `data_source`. Deleting a folder and its line below removes the
//! data source. What AWS returns is converted by the code of the resource of the same name.

pub mod connection_check;
mod copy;
pub mod engine_versions;
pub mod global_replication_group;
pub mod node_types;
pub mod parameter_group;
pub mod replication_group;
pub mod replication_groups;
pub mod serverless_cache;
pub mod serverless_cache_snapshot;
pub mod serverless_cache_snapshots;
pub mod serverless_caches;
pub mod service_update_actions;
pub mod service_updates;
pub mod snapshot;
pub mod snapshots;
pub mod subnet_group;
mod tags;
pub mod user;
pub mod user_group;

use crate::engine::AnyDataSource;

/// Every data source of the provider, by name. Server, docs and tests walk this list.
pub static DATA_SOURCES: &[&dyn AnyDataSource] = &[
    &connection_check::ConnectionCheck,
    &engine_versions::EngineVersionsData,
    &global_replication_group::GlobalReplicationGroupData,
    &node_types::NodeTypesData,
    &parameter_group::ParameterGroupData,
    &replication_group::ReplicationGroupData,
    &replication_groups::ReplicationGroupsData,
    &serverless_cache::ServerlessCacheData,
    &serverless_cache_snapshot::ServerlessCacheSnapshotData,
    &serverless_cache_snapshots::ServerlessCacheSnapshotsData,
    &serverless_caches::ServerlessCachesData,
    &service_update_actions::ServiceUpdateActionsData,
    &service_updates::ServiceUpdatesData,
    &snapshot::SnapshotData,
    &snapshots::SnapshotsData,
    &subnet_group::SubnetGroupData,
    &user::UserData,
    &user_group::UserGroupData,
];

#[cfg(test)]
mod tests;
