//! Credentials that can be written into a request.
//!
//! The SDK's signer panics on an access key ID or a session token that no HTTP header can hold, such as
//! one with the line break of a file or a secret store.

use crate::aws::AwsError;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use http::HeaderValue;

/// Refuses what the provider within returns, where it cannot be used.
#[derive(Debug)]
pub(in crate::aws) struct CheckedCredentials(pub(super) SharedCredentialsProvider);

impl ProvideCredentials for CheckedCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let credentials = self.0.provide_credentials().await?;
            check(&credentials).map_err(CredentialsError::invalid_configuration)?;
            Ok(credentials)
        })
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.0.fallback_on_interrupt()
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
