//! `cargo nextest run --test surroundings`: this part of `tests/acceptance` in a program of its own.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../simulator/mod.rs"]
mod simulator;
#[path = "../support/steer.rs"]
mod steer;
#[path = "../support/mod.rs"]
mod support;
#[path = "../acceptance/surroundings/mod.rs"]
mod surroundings;
#[path = "../support/world.rs"]
mod world;
