//! A smoke test of each resource that ministack knows: an emulator written by others, for what it shows truthfully.
//! What AWS does is decided by the simulator.

mod metric_alarm;
mod parameter_group;
mod replication_group;
mod ssm_url;
mod subnet_group;
mod tags;
