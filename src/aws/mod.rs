//! The AWS edge: settings, credentials, clients, errors, retries and waits.
//!
//! Everything the provider says to AWS goes through here, and this module
//! knows nothing of Terraform. [`Aws`] is made from [`Settings`] when the
//! provider is configured and does nothing at all until a client is asked for:
//! a validate or a plan of something new reads no file, opens no socket and
//! needs no credentials.
//!
//! The way of one call:
//!
//! ```text
//! Aws::elasticache(region)  →  client, made once per region
//! client.describe_x().send()  →  the SDK signs, sends, retries throttling and transport
//! call(cancel, service, operation, …)  →  AwsError with code, request id and hint
//! call_retrying(…)  →  waits out states that pass by themselves
//! wait_for(…)  →  polls until the object is as wanted
//! ```

mod account;
mod assume_role;
mod call;
mod checked_credentials;
mod client;
mod config;
mod connecting;
mod direct;
pub mod ec2;
mod endpoints;
mod environment;
mod error;
mod error_chain;
mod hint;
mod http;
mod insecure;
mod interceptor;
pub mod logs;
mod no_proxy;
mod pace;
mod pages;
mod presign;
mod profile;
mod proxy;
mod reads;
mod region;
mod retries;
mod retry;
mod secret;
mod service;
mod settings;
mod tagging;
#[cfg(test)]
mod tests;
mod tls;
mod waiter;

pub use call::{GRACE, call};
pub use client::Aws;
pub use direct::DirectError;
pub use environment::Environment;
pub use error::{AwsError, ErrorKind};
pub use interceptor::LostAnswers;
pub use pages::PageTokens;
pub use presign::Presigned;
pub use reads::{Reads, listed_or};
pub use retry::{call_retrying, call_retrying_if, is_busy, is_transient};
pub use secret::Secret;
pub use service::Service;
pub use settings::{AssumeRole, RetryMode, Settings, WebIdentity};
pub use waiter::{Poll, WaitError, WaitFailure, WaitPlan, wait_for, wait_sharing};

/// The token that ends a call or a wait early: Terraform's stop request.
pub type Cancel = tokio_util::sync::CancellationToken;
