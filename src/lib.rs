//! Terraform and OpenTofu provider for Amazon ElastiCache.
//!
//! Data flows in one direction: bytes, [`wire`], [`value`], [`schema`] and engine,
//! resources, AWS. [`plugin`] is the process around it.

#![forbid(unsafe_code)]

pub mod aws;
pub mod diag;
pub mod plugin;
pub mod schema;
pub mod value;
pub mod wire;
