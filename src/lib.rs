//! Terraform and OpenTofu provider for Amazon ElastiCache.
//!
//! Data flows in one direction: bytes, [`wire`], then what the provider does with them.
//! [`plugin`] is the process around it.

#![forbid(unsafe_code)]

pub mod plugin;
pub mod wire;
