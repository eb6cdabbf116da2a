//! Which proxy for which request.

use super::no_proxy::NoProxy;
use crate::aws::{AwsError, Environment, Settings};
use crate::redact;
use aws_smithy_http_client::proxy::ProxyConfig;
use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use std::sync::Arc;

/// The proxies in force. Settings win over the environment. As in
/// hashicorp/aws, `http_proxy` of the settings serves `https` too when nothing
/// names a proxy for that.
#[derive(Debug)]
pub(in crate::aws) struct Proxies {
    /// For `http://` endpoints.
    pub(in crate::aws) http: ProxyConfig,
    /// For `https://` endpoints.
    pub(in crate::aws) https: ProxyConfig,
    /// The same as `https`, for the connector that is ours.
    pub(in crate::aws) https_matcher: Arc<Matcher>,
    /// Whether the proxy for `http://` is itself spoken to over TLS.
    pub(in crate::aws) http_over_tls: bool,
    /// Where no proxy is used.
    no_proxy: NoProxy,
}

impl Proxies {
    /// Finds the proxies.
    ///
    /// # Errors
    /// A proxy that is not a URL.
    pub(in crate::aws) fn new(settings: &Settings, environment: &Environment) -> Result<Self, AwsError> {
        let variable = |names: &[&'static str]| {
            names.iter().find_map(|name| Some((*name, environment.get(name)?.to_owned())))
        };
        let setting = |name: &'static str, value: &Option<String>| value.clone().map(|value| (name, value));
        let http =
            setting("http_proxy", &settings.http_proxy).or_else(|| variable(&["HTTP_PROXY", "http_proxy"]));
        let https = setting("https_proxy", &settings.https_proxy)
            .or_else(|| variable(&["HTTPS_PROXY", "https_proxy"]))
            .or_else(|| setting("http_proxy", &settings.http_proxy));
        let no_proxy =
            settings.no_proxy.as_deref().or_else(|| environment.first_of(&["NO_PROXY", "no_proxy"]));
        let (http, https) = (url(http)?, url(https)?);
        [&http.1, &https.1].into_iter().for_each(|url| remember_login(url));
        Ok(Self {
            http_over_tls: http.1.starts_with("https:"),
            https_matcher: Arc::new(Matcher::builder().https(https.1.clone()).build()),
            http: config(&http, |url| ProxyConfig::http(url))?,
            https: config(&https, |url| ProxyConfig::https(url))?,
            no_proxy: NoProxy::parse(no_proxy.unwrap_or_default()),
        })
    }

    /// Whether a request to this URL goes without a proxy.
    pub(in crate::aws) fn are_bypassed_by(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<http::Uri>() else { return false };
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let usual = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        self.no_proxy.covers(host, uri.port_u16().unwrap_or(usual))
    }
}

/// A name and its value, which `proxy:3128` makes `http://proxy:3128`, as in every tool.
fn url(given: Option<(&'static str, String)>) -> Result<(&'static str, String), AwsError> {
    let (name, value) = given.unwrap_or_default();
    let value = value.trim();
    let url = match value.split_once("://") {
        _ if value.is_empty() => String::new(),
        None => format!("http://{value}"),
        Some((scheme, _)) if ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) => {
            value.to_owned()
        }
        Some(_) => return Err(invalid(name, "is of a kind that is not supported")),
    };
    Ok((name, url))
}

fn config<E>(
    (name, url): &(&'static str, String),
    make: impl FnOnce(&str) -> Result<ProxyConfig, E>,
) -> Result<ProxyConfig, AwsError> {
    match url.as_str() {
        "" => Ok(ProxyConfig::disabled()),
        url => make(url).map_err(|_| invalid(name, "is not a URL")),
    }
}

/// Has the login of a proxy redacted. The proxy receives it as a header, and may quote that.
fn remember_login(url: &str) {
    let authority = url.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    let Some((login, _)) = authority.and_then(|authority| authority.rsplit_once('@')) else { return };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    redact::remember_everywhere(&decoded(login));
    if let Some((_, password)) = login.split_once(':') {
        redact::remember_everywhere(&decoded(password));
    }
}

/// The value is not quoted: it may hold a password.
fn invalid(name: &str, problem: &str) -> AwsError {
    AwsError::config(
        format!("The proxy in {name} {problem}."),
        "Give the URL of an HTTP proxy, such as \"http://proxy.example.com:3128\".",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(no_proxy: Option<&str>, variables: &[(&str, &str)]) -> Proxies {
        let settings = Settings { no_proxy: no_proxy.map(str::to_owned), ..Settings::default() };
        Proxies::new(&settings, &variables.iter().copied().collect()).unwrap()
    }

    #[test]
    fn no_proxy_of_block_and_environment_means_what_it_means_in_terraform() {
        let url = "http://aws.emulator.test:4566/";
        for entry in ["*.emulator.test", "aws.emulator.test:4566", ".emulator.test", "emulator.test"] {
            assert!(proxies(Some(entry), &[]).are_bypassed_by(url), "{entry}");
            for name in ["NO_PROXY", "no_proxy"] {
                assert!(proxies(None, &[(name, entry)]).are_bypassed_by(url), "{name}={entry}");
            }
        }
        for entry in ["aws.emulator.test:80", "*.test:80", "other.test", ""] {
            assert!(!proxies(Some(entry), &[]).are_bypassed_by(url), "{entry}");
        }
        // The block wins, and a URL without a port has that of its scheme.
        assert!(!proxies(Some("x"), &[("NO_PROXY", "*")]).are_bypassed_by(url));
        assert!(proxies(Some("a.test:443"), &[]).are_bypassed_by("https://a.test/"));
        assert!(!proxies(Some("a.test:443"), &[]).are_bypassed_by("http://a.test/"));
        assert!(proxies(Some("[2001:db8::1]:8443"), &[]).are_bypassed_by("https://[2001:db8::1]:8443/"));
    }
}
