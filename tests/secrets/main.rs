//! Tokens and what holds them: secrets, groups and URLs that follow each other, by the
//! real Terraform and the built provider against the simulated AWS.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../simulator/mod.rs"]
mod simulator;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world.rs"]
#[allow(dead_code, reason = "not every case is about a group alone")]
mod world;

mod auth_token_secret;
mod chain;
mod connection_secret;
mod ephemeral;
mod functions;
mod killed;
mod reference;
mod secrets;
mod urls;
mod whole;
