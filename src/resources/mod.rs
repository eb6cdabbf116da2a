//! The resources, one folder each: `schema`, `model`, `resource` (plan, create,
//! read, update, delete, import). Deleting a folder and its line below removes the
//! resource.

pub mod alarm_set;
pub mod auth_token_secret;
pub mod common;
pub mod composite_alarm;
pub mod connection_secret;
pub mod dashboard;
pub mod global_replication_group;
pub mod log_group;
pub mod metric_alarm;
pub mod parameter_group;
pub mod replication_group;
pub mod security_group;
pub mod serverless_cache;
pub mod serverless_cache_snapshot;
pub mod service_update;
pub mod snapshot;
pub mod ssm_url;
pub mod subnet_group;
pub mod user;
pub mod user_group;
pub mod user_group_association;

use crate::engine::AnyResource;

/// Every resource of the provider, by name. Server, docs and tests walk this list.
pub static RESOURCES: &[&dyn AnyResource] = &[
    &alarm_set::AlarmSet,
    &auth_token_secret::AuthTokenSecret,
    &composite_alarm::CompositeAlarm,
    &connection_secret::ConnectionSecret,
    &dashboard::Dashboard,
    &global_replication_group::GlobalReplicationGroup,
    &log_group::LogGroup,
    &metric_alarm::MetricAlarm,
    &parameter_group::ParameterGroup,
    &replication_group::ReplicationGroup,
    &security_group::SecurityGroup,
    &serverless_cache::ServerlessCache,
    &serverless_cache_snapshot::ServerlessCacheSnapshot,
    &service_update::ServiceUpdate,
    &snapshot::Snapshot,
    &ssm_url::SsmUrl,
    &subnet_group::SubnetGroup,
    &user::User,
    &user_group::UserGroup,
    &user_group_association::UserGroupAssociation,
];

#[cfg(test)]
mod limits_tests;
#[cfg(test)]
mod tests;
