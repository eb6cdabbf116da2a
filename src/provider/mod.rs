//! The provider block: its schema, its checks, and what it configures.
//!
//! Configuring touches neither network nor files: a configuration that is wrong
//! only where AWS would notice is reported by the first call that needs it.

mod configure;
mod foreign;
mod model;
mod schema;

pub use configure::{configure, unconfigured, validate};
pub use schema::schema;

/// Source address without a registry host: each host asks its own registry. The Makefile reads it here.
pub const SOURCE: &str = "elasticache-rs/elasticache";

/// Version of the provider, from `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
