//! Terraform and OpenTofu provider for Amazon ElastiCache.
//!
//! Data flows in one direction: bytes, [`wire`], [`value`], [`schema`] and [`engine`],
//! [`resources`] (and [`data_sources`], [`ephemeral_resources`], [`list_resources`], [`actions`], [`functions`]), [`aws`].
//! [`plugin`] is the process around it, [`provider`] the provider block, [`migrate`] a command for configurations of
//! hashicorp/aws.

#![forbid(unsafe_code)]
// Futures of calls to AWS, within waits, within the life of a resource, nest deeper than 128 types.
#![recursion_limit = "256"]

pub mod actions;
pub mod aws;
pub mod data_sources;
pub mod diag;
pub mod engine;
pub mod ephemeral_resources;
pub mod functions;
pub mod list_resources;
pub mod migrate;
pub mod plugin;
pub(crate) mod probe;
pub mod provider;
pub mod redact;
pub mod registry;
pub mod resources;
pub mod schema;
pub(crate) mod secret;
mod services;
pub(crate) mod testing;
pub mod value;
pub mod wire;
