//! Alarms of a replication group through their whole life: the real Terraform and the
//! built provider against the simulated AWS.

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

mod composite;
mod drift;
mod existing;
mod follow;
mod parts;
mod presets;
mod settings;
mod trouble;
