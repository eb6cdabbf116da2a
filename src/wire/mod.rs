//! Protobuf and msgpack to types and back; the only code that sees generated messages.
//!
//! Each RPC is: convert, call the engine, convert.

mod call;
mod catalog;
mod convert;
mod functions;
mod lookup;
pub mod proto;
mod reply;
mod resources;
mod schema;
mod service;
mod streams;

pub use service::Service;
