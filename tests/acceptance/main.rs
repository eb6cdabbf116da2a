//! The provider under the real Terraform, against a local AWS.

#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod errors;
mod metric_alarm;
mod parameter_group;
mod provider;
mod replication_group;
mod ssm_url;
mod subnet_group;
mod tags;
