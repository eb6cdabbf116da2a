//! How often and at which pace calls are repeated, as settings, environment and profile
//! say.
//!
//! The SDK panics on values that it does not understand, so it is only given these.

use crate::aws::{AwsError, Environment, RetryMode, Settings};
use aws_config::profile::ProfileSet;

/// Attempts of one call when nothing sets them: hashicorp/aws's 25 retries. With
/// back-off up to 20 s that outlasts any throttling of a busy account.
const DEFAULT_MAX_ATTEMPTS: u32 = 26;

/// Writes mode and number of attempts to the environment that the SDK reads.
///
/// # Errors
/// A value that is neither, named by where it stands.
pub(in crate::aws) fn resolve(
    settings: &Settings,
    environment: &mut Environment,
    profiles: &ProfileSet,
) -> Result<(), AwsError> {
    let mode = match settings.retry_mode {
        Some(mode) => mode,
        None => match find("AWS_RETRY_MODE", "retry_mode", environment, profiles) {
            Some((place, value)) => mode(&place, &value)?,
            None => RetryMode::Standard,
        },
    };
    let attempts = match settings.max_retries {
        Some(retries) => retries.saturating_add(1),
        None => match find("AWS_MAX_ATTEMPTS", "max_attempts", environment, profiles) {
            Some((place, value)) => attempts(&place, &value)?,
            None => DEFAULT_MAX_ATTEMPTS,
        },
    };
    environment.set("AWS_RETRY_MODE", mode.name());
    environment.set("AWS_MAX_ATTEMPTS", attempts.to_string());
    Ok(())
}

/// The value of a variable, else of the profile's key, and what to call it.
fn find(
    variable: &str,
    key: &str,
    environment: &Environment,
    profiles: &ProfileSet,
) -> Option<(String, String)> {
    if let Some(value) = environment.get(variable) {
        return Some((variable.to_owned(), value.to_owned()));
    }
    let value = profiles.get(key).filter(|value| !value.trim().is_empty())?;
    Some((format!("{key} of AWS profile {:?}", profiles.selected_profile()), value.to_owned()))
}

fn mode(place: &str, value: &str) -> Result<RetryMode, AwsError> {
    match value.trim().to_ascii_lowercase().as_str() {
        // The default of AWS CLI version 1; its SDKs for newer languages have only the two others.
        "legacy" => Ok(RetryMode::Standard),
        name => RetryMode::from_name(name).ok_or_else(|| {
            AwsError::config(
                format!("{place} is {value:?}, which is not a retry mode."),
                "Set it to \"standard\" or \"adaptive\", or unset it.",
            )
        }),
    }
}

fn attempts(place: &str, value: &str) -> Result<u32, AwsError> {
    value.trim().parse().ok().filter(|attempts| *attempts > 0).ok_or_else(|| {
        AwsError::config(
            format!("{place} is {value:?}, which is not a number of attempts."),
            "Set it to a whole number of at least 1, or unset it.",
        )
    })
}
