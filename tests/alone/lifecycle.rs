//! `cargo nextest run --test lifecycle`: this part of `tests/acceptance` in a program of its own.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../acceptance/lifecycle/mod.rs"]
mod lifecycle;
#[path = "../simulator/mod.rs"]
mod simulator;
#[path = "../support/steer.rs"]
mod steer;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world.rs"]
mod world;
