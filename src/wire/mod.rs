//! Protobuf and msgpack to types and back; the only code that sees generated messages.
//!
//! Each RPC is: convert, call the engine, convert.

mod convert;
mod functions;
pub mod proto;
mod reply;
mod schema;
mod service;

pub use service::Service;
