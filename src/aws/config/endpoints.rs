//! Endpoint URLs, wherever they come from.
//!
//! The SDK reads the same places in the same order, but checks nothing: a value that is
//! not a URL fails in the middle of a call, and the error shows the whole request. So
//! the URLs are resolved and checked here, and each client is given its own.

use crate::aws::{AwsError, Environment, Service, Settings};
use aws_config::profile::ProfileSet;
use aws_runtime::env_config::EnvConfigValue;
use std::collections::BTreeMap;

/// The variable for every service, and the profile's key.
const GENERAL_VARIABLE: &str = "AWS_ENDPOINT_URL";
const PROFILE_KEY: &str = "endpoint_url";

/// The endpoint URL of every service that has one: from the provider block, else the
/// environment, else the profile, each time the service's own before the general one.
///
/// # Errors
/// A value that is not a URL, named by where it stands.
pub(in crate::aws) fn resolve(
    settings: &Settings,
    environment: &Environment,
    profiles: &ProfileSet,
) -> Result<BTreeMap<Service, String>, AwsError> {
    let ignored = are_ignored(environment, profiles)?;
    let mut endpoints = BTreeMap::new();
    for service in Service::ALL {
        let found = match settings.endpoints.get(&service) {
            Some(url) => Some((format!("endpoints.{}", service.name()), url.clone())),
            None if ignored => None,
            None => in_environment(service, environment).or_else(|| in_profile(service, profiles)),
        };
        if let Some((place, url)) = found.filter(|(_, url)| !url.trim().is_empty()) {
            check(&place, &url)?;
            endpoints.insert(service, url);
        }
    }
    Ok(endpoints)
}

/// Checks that a value is the URL of an endpoint. `place` says where it stands.
///
/// # Errors
/// Names place and fix.
pub(in crate::aws) fn check(place: &str, url: &str) -> Result<(), AwsError> {
    let problem = match url.parse::<http::Uri>() {
        Ok(uri) if !matches!(uri.scheme_str(), Some("http" | "https")) => {
            "does not start with http:// or https://"
        }
        Ok(uri) if uri.host().is_none_or(str::is_empty) => "has no host",
        Ok(uri) if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) => {
            "has a user name or password in it"
        }
        Ok(uri) if uri.query().is_some() => "has a query (what follows the question mark)",
        Ok(_) => return Ok(()),
        Err(_) if !has_scheme(url) => "does not start with http:// or https://",
        Err(_) => "is not a URL",
    };
    // It is quoted where it cannot hold a password.
    let value = if url.contains('@') { String::new() } else { format!(" is {url:?}, which") };
    Err(AwsError::config(
        format!("{place}{value} {problem}."),
        "Give the URL of an endpoint, such as \"http://localhost:4566\" or \"https://vpce-1.example.com\".",
    ))
}

fn has_scheme(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

fn in_environment(service: Service, environment: &Environment) -> Option<(String, String)> {
    [service.endpoint_variable(), GENERAL_VARIABLE]
        .into_iter()
        .find_map(|name| Some((name.to_owned(), environment.get(name)?.to_owned())))
}

fn in_profile(service: Service, profiles: &ProfileSet) -> Option<(String, String)> {
    let profile = profiles.selected_profile();
    let nothing = aws_types::os_shim_internal::Env::from_slice(&[]);
    let read = |value: EnvConfigValue<'_>| {
        value
            .load(&nothing, Some(profiles))
            .map(|(url, _)| url.into_owned())
            .filter(|url| !url.trim().is_empty())
    };
    let general = profiles.get(PROFILE_KEY).map(str::to_owned);
    let own = read(EnvConfigValue::new().profile(PROFILE_KEY).service_id(service.title()));
    match own {
        Some(own) if general.as_ref() != Some(&own) => {
            let place =
                format!("{PROFILE_KEY} of {} in the services of AWS profile {profile:?}", service.name());
            Some((place, own))
        }
        own => own.or(general).map(|url| (format!("{PROFILE_KEY} of AWS profile {profile:?}"), url)),
    }
}

/// Whether environment or profile switches configured endpoint URLs off.
fn are_ignored(environment: &Environment, profiles: &ProfileSet) -> Result<bool, AwsError> {
    match environment.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")? {
        Some(ignored) => Ok(ignored),
        None => {
            let value = profiles.get("ignore_configured_endpoint_urls");
            Ok(value.is_some_and(|value| value.trim().eq_ignore_ascii_case("true")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_accepted_and_anything_else_is_named_with_its_place() {
        for url in [
            "http://localhost:4566",
            "https://vpce-0a1b.elasticache.eu-west-1.vpce.amazonaws.com",
            "http://[::1]:80/x",
        ] {
            assert!(check("AWS_ENDPOINT_URL", url).is_ok(), "{url}");
        }
        for (url, problem) in [
            ("localhost:4566", "is \"localhost:4566\", which does not start with http:// or https://."),
            ("//x", "is \"//x\", which does not start with http:// or https://."),
            ("ftp://x", "is \"ftp://x\", which does not start with http:// or https://."),
            ("http://", "is \"http://\", which is not a URL."),
            ("https://", "is \"https://\", which is not a URL."),
            ("http://bad host", "is \"http://bad host\", which is not a URL."),
            ("http://:80", "is \"http://:80\", which has no host."),
            ("http://x/?a=b", "is \"http://x/?a=b\", which has a query (what follows the question mark)."),
            ("http://me:s3cret@x", "has a user name or password in it."),
            ("é", "is \"é\", which does not start with http:// or https://."),
        ] {
            let text = check("AWS_ENDPOINT_URL", url).unwrap_err().to_string();
            assert!(text.starts_with(&format!("AWS_ENDPOINT_URL {problem} Give the URL")), "{text}");
        }
    }
}
