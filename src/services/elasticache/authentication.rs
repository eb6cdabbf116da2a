//! How a user says who it is.

use aws_sdk_elasticache::types::{
    Authentication, AuthenticationMode, AuthenticationType, InputAuthenticationType,
};

use crate::aws::Secret;

/// The way without a password, as requests spell it.
pub(crate) const NO_PASSWORD: &str = "no-password-required";

/// How a user logs in, to be told to AWS.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum UserAuthentication {
    /// With one of one or two passwords.
    Passwords(Vec<Secret>),
    /// With the name alone.
    NoPassword,
    /// With a token signed by IAM.
    Iam,
}

impl UserAuthentication {
    /// In the form of the API. All ways go by `AuthenticationMode`, which has a place for
    /// each; the older parameters cannot say IAM.
    pub(crate) fn to_api(&self) -> AuthenticationMode {
        let mode = AuthenticationMode::builder();
        match self {
            UserAuthentication::Passwords(passwords) => {
                let passwords = passwords.iter().map(|password| password.expose().to_owned()).collect();
                mode.r#type(InputAuthenticationType::Password).set_passwords(Some(passwords))
            }
            UserAuthentication::NoPassword => mode.r#type(InputAuthenticationType::NoPassword),
            UserAuthentication::Iam => mode.r#type(InputAuthenticationType::Iam),
        }
        .build()
    }

    /// What AWS returns, in the spelling of requests.
    pub(crate) fn observed(authentication: &Authentication) -> Option<&'static str> {
        match authentication.r#type()? {
            AuthenticationType::Password => Some("password"),
            AuthenticationType::NoPassword => Some(NO_PASSWORD),
            AuthenticationType::Iam => Some("iam"),
            _ => None,
        }
    }
}
