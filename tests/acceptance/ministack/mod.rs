//! The provider against ministack, for what that shows truthfully.

mod errors;
mod metric_alarm;
mod parameter_group;
mod provider;
mod replication_group;
mod ssm_url;
mod subnet_group;
mod tags;
