//! Terraform and OpenTofu provider for Amazon ElastiCache.
#![forbid(unsafe_code)]
pub mod diag;
#[macro_use]
pub mod value;
pub mod schema;
