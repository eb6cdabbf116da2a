//! Which proxy for which request.

use super::{AwsError, Environment, Settings};
use aws_smithy_http_client::proxy::ProxyConfig;
use hyper_util::client::proxy::matcher::Matcher;
use std::sync::Arc;

/// Hosts that are never reached through a proxy: this machine, and the
/// link-local addresses of the instance and container metadata services, which
/// no proxy can reach for us.
const ALWAYS_DIRECT: &str = "localhost,127.0.0.0/8,::1,169.254.0.0/16,fd00:ec2::254";

/// The proxies in force. Settings win over the environment. As in
/// hashicorp/aws, `http_proxy` of the settings serves `https` too when nothing
/// names a proxy for that.
#[derive(Debug)]
pub(super) struct Proxies {
    /// For `http://` endpoints.
    pub(super) http: ProxyConfig,
    /// For `https://` endpoints.
    pub(super) https: ProxyConfig,
    /// The same as `https`, for the connector that is ours.
    pub(super) https_matcher: Arc<Matcher>,
    /// Whether the proxy for `http://` is itself spoken to over TLS.
    pub(super) http_over_tls: bool,
}

impl Proxies {
    /// Finds the proxies.
    ///
    /// # Errors
    /// A proxy that is not a URL.
    pub(super) fn new(settings: &Settings, environment: &Environment) -> Result<Self, AwsError> {
        let variable = |names: &[&str]| environment.first_of(names).map(str::to_owned);
        let http = settings.http_proxy.clone().or_else(|| variable(&["HTTP_PROXY", "http_proxy"]));
        let https = settings
            .https_proxy
            .clone()
            .or_else(|| variable(&["HTTPS_PROXY", "https_proxy"]))
            .or_else(|| settings.http_proxy.clone());
        let no_proxy = settings.no_proxy.clone().or_else(|| variable(&["NO_PROXY", "no_proxy"]));
        let direct = match no_proxy.filter(|hosts| !hosts.trim().is_empty()) {
            Some(hosts) => format!("{hosts},{ALWAYS_DIRECT}"),
            None => ALWAYS_DIRECT.to_owned(),
        };
        let http = http.as_deref().map(with_scheme).unwrap_or_default();
        let https = https.as_deref().map(with_scheme).unwrap_or_default();
        Ok(Self {
            http_over_tls: http.starts_with("https:"),
            https_matcher: Arc::new(Matcher::builder().https(https.clone()).no(direct.clone()).build()),
            http: config(&http, "http_proxy", &direct, |url| ProxyConfig::http(url))?,
            https: config(&https, "https_proxy", &direct, |url| ProxyConfig::https(url))?,
        })
    }
}

/// `proxy:3128` means `http://proxy:3128`, as in every tool.
fn with_scheme(proxy: &str) -> String {
    match proxy.trim() {
        "" => String::new(),
        proxy if proxy.contains("://") => proxy.to_owned(),
        proxy => format!("http://{proxy}"),
    }
}

fn config<E: std::fmt::Display>(
    proxy: &str,
    name: &str,
    direct: &str,
    make: impl FnOnce(&str) -> Result<ProxyConfig, E>,
) -> Result<ProxyConfig, AwsError> {
    if proxy.is_empty() {
        return Ok(ProxyConfig::disabled());
    }
    // The value is not shown: it may hold a password.
    make(proxy).map(|config| config.no_proxy(direct)).map_err(|_| {
        AwsError::config(
            format!("The value of {name} is not a proxy URL."),
            format!(
                "Give one such as \"http://proxy.example.com:3128\" in {name} or in {}.",
                name.to_ascii_uppercase()
            ),
        )
    })
}
