//! The provider block: its schema, its checks, and what it configures.
//!
//! Configuring touches neither network nor files: a configuration that is wrong
//! only where AWS would notice is reported by the first call that needs it.

mod configure;
mod model;
mod schema;

pub use configure::{configure, unconfigured, validate};
pub use schema::schema;

/// The provider's address, written here once.
pub const ADDRESS: &str = "registry.terraform.io/elasticache-rs/elasticache";

/// The provider's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
