//! `cargo nextest run --test monitoring`: this part of `tests/acceptance` in a program of its own.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../acceptance/monitoring/mod.rs"]
mod monitoring;
#[path = "../simulator/mod.rs"]
mod simulator;
#[path = "../support/steer.rs"]
mod steer;
#[path = "../support/mod.rs"]
mod support;
#[path = "../acceptance/users"]
mod users {
    pub mod parts;
}
#[path = "../support/world.rs"]
mod world;
