//! Calls to ElastiCache.

pub(crate) mod access_string;
pub(crate) mod authentication;
pub(crate) mod cache_cluster;
pub(crate) mod engine_version;
pub(crate) mod events;
pub(crate) mod families;
pub(crate) mod global_datastore;
pub(crate) mod global_replication_group;
pub(crate) mod identifier;
pub(crate) mod node_type;
pub(crate) mod parameter_group;
pub(crate) mod replication_group;
pub(crate) mod roles;
pub(crate) mod serverless_cache;
pub(crate) mod serverless_cache_snapshot;
pub(crate) mod service_update;
pub(crate) mod snapshot;
pub(crate) mod subnet_group;
pub(crate) mod tags;
pub(crate) mod update_action;
pub(crate) mod update_action_wait;
pub(crate) mod user;
pub(crate) mod user_group;

/// Something that the call concerns is in the middle of another change: passes by itself. AWS declares for each operation
/// those of the objects that it knows of (API model); whichever it returns, the same call is accepted later.
pub(crate) const BUSY: &[&str] = &[
    "InvalidCacheClusterState",
    "InvalidCacheParameterGroupState",
    "InvalidGlobalReplicationGroupState",
    "InvalidReplicationGroupState",
    "InvalidServerlessCacheSnapshotStateFault",
    "InvalidServerlessCacheStateFault",
    "InvalidSnapshotState",
    "InvalidUserGroupState",
    "InvalidUserState",
];
