//! Runs the real Terraform, or OpenTofu, with the built provider.
//!
//! Each [`Workspace`] is a directory and a home of its own, with nothing of the
//! user's environment. Every run ends by a deadline.

// The tests of the process use the client of the protocol beside it alone.
#![allow(unused_imports)]

mod diagnostic;
mod host;
mod plan;
mod run;
mod settled;
mod state;
mod workspace;

pub use diagnostic::{Diagnostic, only};
pub use host::{ADDRESS, address, hosts, is_opentofu, is_tofu, platform, skipped, version_of};
pub use plan::Plan;
pub use run::{Run, Running};
pub use terraform_provider_elasticache::provider::SOURCE;
pub use workspace::Workspace;

pub const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-elasticache");
