//! A client for services whose SDK crate costs more than it gives.
//!
//! An SDK crate compiles every operation of its service, used or not. EC2's has more than seven
//! hundred and took twenty of the twenty-seven CPU minutes of a release build and 7 GB of memory, for
//! eleven operations; that of CloudWatch Logs has more than a hundred, for eleven as well. What an SDK crate adds to the SDK's runtime is small: the shape of requests and
//! responses, an endpoint, and the list of runtime components. [`Client`] is that list, for the
//! runtime's own [`Operation`](aws_smithy_runtime::client::orchestrator::operation::Operation), so
//! credentials, signing, retries, time-outs, interceptors, HTTP client, and errors are those of every
//! other client.
//!
//! A service is a [`ServiceModel`] and a module with its operations, such as [`super::direct::ec2`].

mod client;
pub mod ec2;
mod endpoint;
mod error;
mod json;
pub mod logs;
mod query;
pub(in crate::aws) mod tagging;
#[cfg(test)]
mod tests;

pub(in crate::aws) use client::{Builder, Client};
pub use error::DirectError;
use error::refused;
pub(in crate::aws) use query::{Form, Read, items, number, read_all, text};

/// What the API model of a service says of the service as a whole.
#[derive(Debug)]
pub(in crate::aws) struct ServiceModel {
    /// `serviceId`, by which a profile's `services` section names it.
    pub(in crate::aws) id: &'static str,
    /// Name in the scope of a signature.
    pub(in crate::aws) signing_name: &'static str,
    /// First label of the host name.
    pub(in crate::aws) endpoint_prefix: &'static str,
    /// In AWS GovCloud (US) the ordinary endpoint is the FIPS endpoint.
    pub(in crate::aws) govcloud_is_fips: bool,
    /// Version of the API, which the EC2 query protocol sends.
    pub(in crate::aws) api_version: &'static str,
    /// `targetPrefix`, which the JSON protocol sends before the name of the operation.
    pub(in crate::aws) target_prefix: &'static str,
}
