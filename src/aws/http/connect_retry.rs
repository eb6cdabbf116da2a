//! How often a connection is tried.
//!
//! To the SDK a connection that cannot be made is like any broken one: worth
//! all 25 retries. For a wrong endpoint, a missing route or an untrusted
//! certificate that is ten silent minutes. A connection that was never made is
//! therefore tried here, for a short while, and is then final; one that broke
//! stays the SDK's to retry.

use crate::aws::call::error_chain::find;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use std::io;
use std::time::Duration;
use tokio::time::Instant;

/// No further try after this time. A resolver or route that comes back within
/// it, as on a machine just started, is still found.
const PATIENCE: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// Tries to connect for a short while.
#[derive(Debug)]
pub(in crate::aws) struct ConnectRetry(pub(super) SharedHttpConnector);

impl HttpConnector for ConnectRetry {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = host_of(request.uri()).to_owned();
        if is_metadata_host(&host) {
            // These answer at once where they exist, and their clients know it.
            return self.0.call(request);
        }
        let patience = if is_loopback(&host) { Duration::ZERO } else { PATIENCE };
        let connector = self.0.clone();
        HttpConnectorFuture::new(async move {
            let started = Instant::now();
            let mut pause = FIRST_PAUSE;
            let mut request = request;
            loop {
                // A body that is a stream cannot be sent twice; none of ours is.
                let Some(again) = request.try_clone() else { return connector.call(request).await };
                let error = match connector.call(request).await {
                    Err(error) if never_connected(&error) => error,
                    done => return done,
                };
                if is_final(&error) || started.elapsed() >= patience {
                    return Err(ConnectorError::other(error.into(), None));
                }
                tracing::info!(host, "no connection yet; retrying");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                request = again;
            }
        })
    }
}

/// Whether the request was not sent at all.
fn never_connected(error: &ConnectorError) -> bool {
    find::<hyper_util::client::legacy::Error>(error)
        .is_some_and(hyper_util::client::legacy::Error::is_connect)
}

/// Whether trying again cannot help: the other side is there and is not whom
/// we trust or does not speak TLS.
fn is_final(error: &ConnectorError) -> bool {
    match find::<rustls::Error>(error) {
        Some(_) => true,
        None => find::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::InvalidData),
    }
}

/// The host of a URL, without port and brackets.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// The link-local addresses of the instance and container metadata services.
fn is_metadata_host(host: &str) -> bool {
    host.starts_with("169.254.") || host.eq_ignore_ascii_case("fd00:ec2::254")
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_host_of_a_url() {
        for (url, host) in [
            ("http://localhost:4566/x", "localhost"),
            ("https://elasticache.us-east-1.amazonaws.com", "elasticache.us-east-1.amazonaws.com"),
            ("http://[::1]:80/?a", "::1"),
        ] {
            assert_eq!(host_of(url), host);
        }
        assert!(is_loopback("::1") && is_loopback("127.0.0.5") && !is_loopback("10.0.0.1"));
    }
}
