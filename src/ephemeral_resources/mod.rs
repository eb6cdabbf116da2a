//! The ephemeral resources of the provider.

pub mod auth_token;
pub mod auth_token_secret;
pub mod connection_secret;
pub mod iam_auth_token;
mod secret_value;
pub mod ssm_url;

use crate::engine::AnyEphemeralResource;

/// Every ephemeral resource of the provider, by name. Server, docs and tests use this list.
pub static EPHEMERAL_RESOURCES: &[&dyn AnyEphemeralResource] = &[
    &auth_token::AuthToken,
    &auth_token_secret::AuthTokenSecret,
    &connection_secret::ConnectionSecret,
    &iam_auth_token::IamAuthToken,
    &ssm_url::SsmUrl,
];

#[cfg(test)]
mod tests;
