//! What a cache needs around it, through its whole life: log groups, security groups and snapshots.
//! The real Terraform and the built provider against the simulated AWS, which has states, rules,
//! interfaces and faults.

mod log_delivery;
mod log_group;
mod parts;
mod security_group;
mod snapshot;
mod snapshot_data;
