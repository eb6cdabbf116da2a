//! The ephemeral resources. Deleting a module and its line below removes the ephemeral resource.

pub mod auth_token;
pub mod auth_token_secret;
pub mod iam_auth_token;

use crate::engine::AnyEphemeralResource;

/// Every ephemeral resource of the provider, by name. Server, docs and tests walk this list.
pub static EPHEMERAL_RESOURCES: &[&dyn AnyEphemeralResource] =
    &[&auth_token::AuthToken, &auth_token_secret::AuthTokenSecret, &iam_auth_token::IamAuthToken];

#[cfg(test)]
mod tests;
