//! Alarms of a replication group through their whole life: the real Terraform and the
//! built provider against the simulated AWS.

mod composite;
mod drift;
mod existing;
mod follow;
pub mod parts;
mod presets;
mod same_name;
mod settings;
mod trouble;
