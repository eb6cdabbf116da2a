//! Messages and services generated from `proto/goplugin.proto`.

#![doc(hidden)]
#![allow(missing_docs, unreachable_pub, unused_qualifications, clippy::all, clippy::pedantic)]

tonic::include_proto!("plugin");
