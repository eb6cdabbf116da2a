//! The built provider under the real Terraform.
//!
//! All of it is one program, because each program would link the AWS SDKs and hold the
//! simulated AWS again, and building them would take longer than running them.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/aws_control.rs"]
mod aws_control;
#[path = "../support/fixture.rs"]
mod fixture;
#[path = "../support/hcl.rs"]
mod hcl;
#[path = "../simulator/mod.rs"]
mod simulator;
#[path = "../support/mod.rs"]
mod support;

/// A test for each of these faults, which is what this function of the module does with it.
macro_rules! each_fault {
    ($survives:ident: $($(#[doc = $why:expr])? $test:ident => $fault:expr,)+) => {
        $($(#[doc = $why])? #[test] fn $test() { $survives(&$fault); })+
    };
}

mod actions;
mod alarm_set;
mod api_models;
mod auth_token_secret;
mod chaos;
mod clients;
mod connection_secret;
mod dashboard;
mod data_sources;
mod emulator;
mod ephemeral_resources;
mod examples;
mod functions;
mod global_replication_group;
mod guides;
mod imports;
mod laws;
mod log_group;
mod metric_alarm;
mod migrate;
mod module_compatibility;
mod modules;
mod parameter_group;
mod policies;
mod provider;
mod release;
mod repeated_calls;
mod replication_group;
mod scenarios;
mod security_group;
mod serverless_cache;
mod serverless_cache_snapshot;
mod service_update;
mod simulated;
mod snapshot;
mod ssm_url;
mod subnet_group;
mod user;
mod user_group;
mod user_group_association;
