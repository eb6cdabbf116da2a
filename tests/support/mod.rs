//! What the tests of the built binary share.

#![allow(missing_docs, dead_code, unreachable_pub)]

pub mod attached;
pub mod documents;
pub mod lifeline;
pub mod ministack;
pub mod plugin_client;
pub mod plugin_host;
pub mod propose;
pub mod recorder;
pub mod repeated;
pub mod terraform;
