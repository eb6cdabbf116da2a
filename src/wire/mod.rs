//! Protobuf and msgpack to types and back; the only code that sees generated messages.

pub mod proto;
