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
//! Scope::retry(…)  →  waits out states that pass by themselves
//! wait_for(…)  →  polls until the object is as desired
//! ```

mod batch;
mod call;
mod client;
mod config;
pub mod direct;
mod http;
mod presign;
mod service;
mod shared_attempt;
#[cfg(test)]
mod tests;

pub use crate::secret::Secret;
pub use batch::{Reads, listed_or};
pub use call::attempt::{Call, GRACE, call};
pub use call::error::{AwsError, ErrorKind};
pub use call::found::{Found, about_another, is_named, unless_not_found};
pub use call::pages::{Listing, PageTokens, Pages};
pub use call::retry::is_transient;
pub use call::scope::Scope;
pub use call::tag_changes::{TagChanges, Tags};
pub use call::unanswered::UnansweredAttempts;
pub use call::wait::{Poll, WaitError, WaitFailure, WaitPlan, wait_for, wait_sharing};
pub use call::waits::Waiting;
pub use client::Aws;
pub use config::environment::Environment;
pub use config::settings::{AssumeRole, RetryMode, Settings, WebIdentity};
pub use direct::DirectError;
pub use presign::Presigned;
pub use service::Service;

/// The token that ends a call or a wait early: Terraform's stop request.
pub type Cancel = tokio_util::sync::CancellationToken;
