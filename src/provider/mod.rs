//! The provider block: its attributes, its rules, and the configuration of the provider.
//!
//! A wrong value that only AWS detects, such as an unknown role, is reported by the first call that needs it.

mod attributes;
mod configure;
mod foreign;
mod validate;

use attributes::ProviderModel;
pub use configure::{configure, unconfigured, validate};

use crate::schema::{Object as _, Schema};

/// Source address without a registry host: each host asks its own registry. The Makefile reads it here.
pub const SOURCE: &str = "elasticache-rs/elasticache";

/// Version of the provider, from `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The schema of the provider block.
pub fn schema() -> &'static Schema {
    ProviderModel::schema()
}
