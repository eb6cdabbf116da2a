//! The process: all that a go-plugin host expects of a plugin, and nothing of Terraform's values.
//!
//! [`main`] reads the environment once, listens, prints one handshake line on standard output and
//! serves gRPC until the host says [`Shutdown`](services) or goes away. What is served besides the
//! runtime's own services comes from the caller as routes.
//!
//! Standard error carries one JSON object per line in hclog form; see [`log`] for levels and caps.

mod accept;
mod activity;
pub(crate) mod codec;
mod command;
mod connection;
mod environment;
mod error;
mod handshake;
mod identity;
mod listener;
mod log;
mod output;
pub mod panic;
mod parent;
#[doc(hidden)]
pub mod proto;
mod reattach;
mod run;
mod services;
mod signals;
mod tls;
mod tool;

pub use activity::{Activity, Call};
pub use identity::Identity;
pub use log::HclogLayer;
pub use run::{Process, main};
pub use tool::{Answer, Tool};

/// Largest message in bytes, to be set both ways on every service that carries values.
///
/// The Go providers set the same; tonic's own limit of 4 MiB is less than a large state can be.
pub const MAX_MESSAGE_BYTES: usize = 256 * 1024 * 1024;
