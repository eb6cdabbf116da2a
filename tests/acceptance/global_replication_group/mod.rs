//! Global datastores and their members in two Regions, through their whole life: the real Terraform and the built
//! provider against the simulated AWS.

mod changes;
mod create;
mod data;
mod delete;
mod dependents;
mod drift;
mod example;
mod failover;
mod faults;
mod members;
mod moved;
pub mod parts;
mod refusals;
