//! Credentials that can be written into a request, and errors that say where they are missing.
//!
//! The SDK's signer panics on an access key ID or a session token that no HTTP header can hold, such as
//! one with the line break of a file or a secret store.

use super::account::credentials_error;
use super::profile::Unreadable;
use crate::aws::AwsError;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use http::HeaderValue;

/// Refuses what the provider within returns, where it cannot be used.
#[derive(Debug)]
pub(in crate::aws) struct CheckedCredentials {
    pub(super) provider: SharedCredentialsProvider,
    /// Files that may have the credentials that are not found.
    pub(super) unreadable: Unreadable,
}

impl CheckedCredentials {
    /// The error of the provider within.
    fn explained(&self, error: CredentialsError) -> CredentialsError {
        if self.unreadable.is_empty() {
            return error;
        }
        let explained = credentials_error(&error);
        let advice = self.unreadable.added_to(explained.hint().unwrap_or_default());
        CredentialsError::provider_error(explained.with_hint(advice))
    }
}

impl ProvideCredentials for CheckedCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let provided = self.provider.provide_credentials().await;
            let credentials = provided.map_err(|error| self.explained(error))?;
            check(&credentials).map_err(CredentialsError::invalid_configuration)?;
            Ok(credentials)
        })
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.provider.fallback_on_interrupt()
    }
}

/// # Errors
/// Names what cannot be used, and never quotes it.
fn check(credentials: &Credentials) -> Result<(), AwsError> {
    let parts = [
        ("access key ID", "AWS_ACCESS_KEY_ID", "access_key", Some(credentials.access_key_id())),
        ("session token", "AWS_SESSION_TOKEN", "token", credentials.session_token()),
    ];
    for (what, variable, argument, value) in parts {
        if value.is_some_and(|value| HeaderValue::from_str(value).is_err()) {
            return Err(AwsError::config(
                format!(
                    "The {what} of the AWS credentials has characters that AWS never uses, such as a line break."
                ),
                format!(
                    "Correct it where it is set: {variable}, {argument} in the provider block, or the profile."
                ),
            ));
        }
    }
    Ok(())
}
