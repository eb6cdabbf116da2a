//! The built provider under the real Terraform.
//!
//! All of it is one program, because each program would link the AWS SDKs and hold the
//! simulated AWS again, and building them would take longer than running them.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../simulator/mod.rs"]
mod simulator;
#[path = "../support/steer.rs"]
mod steer;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world.rs"]
mod world;

mod api_models;
mod clients;
mod compat;
mod data_sources;
mod examples;
mod global;
mod guides;
mod imports;
mod laws;
mod lifecycle;
mod many;
mod migrate;
mod ministack;
mod modules;
mod monitoring;
mod policies;
mod release;
mod secrets;
mod serverless;
mod simulated;
mod surroundings;
mod users;
