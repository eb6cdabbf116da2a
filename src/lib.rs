//! Terraform and OpenTofu provider for Amazon ElastiCache.
//!
//! Data flows in one direction: bytes, [`wire`], [`value`], [`schema`] and [`engine`],
//! [`resources`] (and [`data_sources`], [`ephemeral_resources`], [`functions`]), [`aws`]. [`plugin`] is the process around it, [`provider`] the
//! provider block.

#![forbid(unsafe_code)]

pub mod aws;
pub mod data_sources;
pub mod diag;
pub mod engine;
pub mod ephemeral_resources;
pub mod functions;
pub mod plugin;
pub mod provider;
pub mod resources;
pub mod schema;
pub mod url;
pub mod value;
pub mod wire;
