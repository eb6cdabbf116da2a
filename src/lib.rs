//! Terraform and OpenTofu provider for Amazon ElastiCache.
//!
//! Data flows in one direction: bytes, [`wire`], [`value`], [`schema`] and [`engine`],
//! [`resources`], [`aws`]. [`plugin`] is the process around it, [`provider`] the
//! provider block.

#![forbid(unsafe_code)]

pub mod auth_token;
pub mod aws;
pub mod diag;
pub mod engine;
pub mod plugin;
pub mod provider;
pub mod resources;
pub mod schema;
pub mod url;
pub mod value;
pub mod wire;
