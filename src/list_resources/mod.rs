//! The list resources, one folder each: `attributes`, `list_resource` (what is listed). Deleting a folder and its line
//! below removes the list resource.

pub mod auth_token_secret;
pub mod composite_alarm;
pub mod connection_secret;
pub mod dashboard;
pub mod global_replication_group;
pub mod log_group;
pub mod metric_alarm;
pub mod parameter_group;
pub mod replication_group;
mod secrets;
pub mod security_group;
pub mod serverless_cache;
pub mod serverless_cache_snapshot;
pub mod service_update;
pub mod snapshot;
pub mod ssm_url;
pub mod subnet_group;
mod text;
pub mod user;
pub mod user_group;
pub mod user_group_association;

use crate::engine::AnyListResource;

/// Every list resource of the provider, by the name of its managed type. Server, docs and tests walk this list.
pub static LIST_RESOURCES: &[&dyn AnyListResource] = &[
    &auth_token_secret::AuthTokenSecretList,
    &composite_alarm::CompositeAlarmList,
    &connection_secret::ConnectionSecretList,
    &dashboard::DashboardList,
    &global_replication_group::GlobalReplicationGroupList,
    &log_group::LogGroupList,
    &metric_alarm::MetricAlarmList,
    &parameter_group::ParameterGroupList,
    &replication_group::ReplicationGroupList,
    &security_group::SecurityGroupList,
    &serverless_cache::ServerlessCacheList,
    &serverless_cache_snapshot::ServerlessCacheSnapshotList,
    &service_update::ServiceUpdateList,
    &snapshot::SnapshotList,
    &ssm_url::SsmUrlList,
    &subnet_group::SubnetGroupList,
    &user::UserList,
    &user_group::UserGroupList,
    &user_group_association::UserGroupAssociationList,
];
