//! The ephemeral resources. Deleting a module and its line below removes the ephemeral resource.

pub mod auth_token;
pub mod auth_token_secret;
pub mod connection_secret;
pub mod iam_auth_token;
mod secret_value;

use crate::engine::AnyEphemeralResource;
use crate::schema::{Attribute, Check};
use crate::value::Type;

/// Every ephemeral resource of the provider, by name. Server, docs and tests walk this list.
pub static EPHEMERAL_RESOURCES: &[&dyn AnyEphemeralResource] = &[
    &auth_token::AuthToken,
    &auth_token_secret::AuthTokenSecret,
    &connection_secret::ConnectionSecret,
    &iam_auth_token::IamAuthToken,
];

/// The secret that is read.
fn secret_id(description: &'static str) -> Attribute {
    Attribute::required("secret_id", Type::String, description).check(Check::Length(1, 2048))
}

/// The version of it that is read.
fn version() -> [Attribute; 2] {
    [
        Attribute::optional_computed(
            "version_id",
            Type::String,
            "Id of the version to read; the current one when not given.",
        )
        .check(Check::Length(32, 64)),
        Attribute::optional(
            "version_stage",
            Type::String,
            "Label of the version to read instead of its id, such as `AWSPREVIOUS`, the one before the current one.",
        )
        .check(Check::Length(1, 256))
        .conflicts(&["version_id"]),
    ]
}

#[cfg(test)]
mod tests;
