//! Environment variables as a value.
//!
//! The SDK has one precedence for everything: what the program says, then the
//! environment, then the shared files. Settings that its loader has no option
//! for (the metadata service, the endpoint of the STS client inside a profile's
//! role chain) are laid over a copy of the environment, where the SDK's own
//! providers find them. Tests pass a made-up environment and never touch the
//! process.

use crate::aws::{AwsError, Service, Settings};
use std::collections::BTreeMap;

/// A set of environment variables.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The variables of this process. Those that are not UTF-8 are omitted:
    /// no variable of the SDK can be one of them.
    pub fn process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// A variable's value; an empty one counts as unset.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// The truth value of a variable.
    ///
    /// # Errors
    /// Names the variable when its value is neither `true` nor `false`.
    pub(in crate::aws) fn flag(&self, name: &str) -> Result<Option<bool>, AwsError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.trim().to_ascii_lowercase().as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(AwsError::config(
                format!("{name} is {value:?}, which is neither \"true\" nor \"false\"."),
                "Set it to one of them, or unset it.",
            )),
        }
    }

    /// The variables whose names begin with `prefix`, without it; empty values included.
    pub fn with_prefix(&self, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    /// The value of the first of several variables that is set.
    pub(in crate::aws) fn first_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The environment the SDK is to see: this one with the settings over it.
    pub(in crate::aws) fn overlaid_with(&self, settings: &Settings) -> Self {
        let mut variables = self.0.clone();
        let mut set = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                variables.insert(name.to_owned(), value);
            }
        };
        set("AWS_PROFILE", settings.profile.clone());
        set("AWS_EC2_METADATA_SERVICE_ENDPOINT", settings.ec2_metadata_service_endpoint.clone());
        set("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", settings.ec2_metadata_service_endpoint_mode.clone());
        set("AWS_EC2_METADATA_DISABLED", settings.skip_metadata_api_check.map(|skip| skip.to_string()));
        set(Service::Sts.endpoint_variable(), settings.endpoints.get(&Service::Sts).cloned());
        if settings.profile.is_some() {
            // A profile named in the configuration is meant; keys that happen
            // to be in the environment must not win over it.
            for name in [
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
            ] {
                variables.remove(name);
            }
        }
        Self(variables)
    }

    /// Sets a variable.
    pub(in crate::aws) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The form that the SDK reads, without empty variables: to the SDK they are values.
    pub(in crate::aws) fn to_sdk(&self) -> aws_types::os_shim_internal::Env {
        let variables: Vec<(&str, &str)> =
            self.0.keys().filter_map(|name| Some((name.as_str(), self.get(name)?))).collect();
        aws_types::os_shim_internal::Env::from_slice(&variables)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Names only: values may be keys.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}
