//! What a cache needs around it, through its whole life: log groups, security groups and snapshots.
//! The real Terraform and the built provider against the simulated AWS, which has states, rules,
//! interfaces and faults.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../simulator/mod.rs"]
mod simulator;
#[path = "../support/steer.rs"]
mod steer;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world.rs"]
mod world;

mod log_delivery;
mod log_group;
mod parts;
mod security_group;
mod snapshot;
mod snapshot_data;
