//! The HTTP client under every service client.
//!
//! Nothing is made before the first request: an `https` connector reads the
//! system's certificates when it is built, and a provider that only plans must
//! not pay for that. Connections are shared by all clients.

use super::connect_retry::ConnectRetry;
use super::insecure::InsecureConnector;
use super::proxy::Proxies;
use super::rate_limit::OperationLimiter;
use super::response_limit::{LimitedResponses, MAX_RESPONSE_BYTES};
use super::{sent_secrets, tls};
use crate::aws::AwsError;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use hyper_util::client::proxy::matcher::Matcher;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How to reach the network.
#[derive(Debug)]
pub(in crate::aws) struct Network {
    pub(in crate::aws) proxies: Proxies,
    /// Trust for `https`.
    pub(in crate::aws) tls: TlsContext,
    /// Accept any certificate.
    pub(in crate::aws) insecure: bool,
}

/// The client; see the module.
#[derive(Debug)]
pub(in crate::aws) struct LazyHttpClient {
    network: Arc<Network>,
    /// One connector per pair of timeouts; there are two or three in practice:
    /// ours and those of the metadata services.
    connectors: Mutex<Vec<(HttpConnectorSettings, SharedHttpConnector)>>,
}

impl LazyHttpClient {
    pub(in crate::aws) fn new(network: Network) -> Self {
        Self { network: Arc::new(network), connectors: Mutex::default() }
    }
}

impl HttpClient for LazyHttpClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let known = connectors.iter().find(|(known, _)| {
            (known.connect_timeout(), known.read_timeout())
                == (settings.connect_timeout(), settings.read_timeout())
        });
        if let Some((_, connector)) = known {
            return connector.clone();
        }
        let connector = SharedHttpConnector::new(LazyConnector(Arc::new(Schemes {
            network: Arc::clone(&self.network),
            settings: settings.clone(),
            built: Default::default(),
        })));
        connectors.push((settings.clone(), connector.clone()));
        connector
    }
}

#[derive(Debug, Clone)]
struct LazyConnector(Arc<Schemes>);

/// Connectors by URL scheme and by whether the proxy is bypassed: the library's takes one
/// proxy, and knows fewer forms of `NO_PROXY` than there are.
#[derive(Debug)]
struct Schemes {
    network: Arc<Network>,
    settings: HttpConnectorSettings,
    built: [OnceLock<Result<SharedHttpConnector, AwsError>>; 4],
}

/// How a request goes out.
#[derive(Debug, Clone, Copy)]
struct Way {
    https: bool,
    direct: bool,
}

impl HttpConnector for LazyConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        sent_secrets::remember(&request);
        if let Some(limiter) = OperationLimiter::of(&request) {
            let connector = self.clone();
            return HttpConnectorFuture::new(async move {
                limiter.wait().await;
                connector.send(request).await
            });
        }
        self.send(request)
    }
}

impl LazyConnector {
    fn send(&self, request: HttpRequest) -> HttpConnectorFuture {
        let url = request.uri();
        let direct = self.0.network.proxies.are_bypassed_by(url);
        match self.0.connector(Way { https: url.starts_with("https:"), direct }) {
            Ok(connector) => connector.call(request),
            Err(error) => HttpConnectorFuture::ready(Err(ConnectorError::user(error.clone().into()))),
        }
    }
}

impl Schemes {
    fn connector(&self, way: Way) -> Result<&SharedHttpConnector, &AwsError> {
        let cell = &self.built[usize::from(way.https) * 2 + usize::from(way.direct)];
        let build = || {
            let connector = SharedHttpConnector::new(ConnectRetry(self.build(way)?));
            Ok(SharedHttpConnector::new(LimitedResponses { connector, max: MAX_RESPONSE_BYTES }))
        };
        cell.get_or_init(build).as_ref()
    }

    fn build(&self, Way { https, direct }: Way) -> Result<SharedHttpConnector, AwsError> {
        let Network { proxies, tls, insecure } = &*self.network;
        if https && *insecure {
            let matcher = if direct {
                Arc::new(Matcher::builder().build())
            } else {
                Arc::clone(&proxies.https_matcher)
            };
            return Ok(SharedHttpConnector::new(InsecureConnector::new(&self.settings, matcher)?));
        }
        let proxy = match (https, direct) {
            (_, true) => ProxyConfig::disabled(),
            (true, false) => proxies.https.clone(),
            (false, false) => proxies.http.clone(),
        };
        let tls = if https || (proxies.http_over_tls && !direct) { tls.clone() } else { tls::no_tls()? };
        let connector = Connector::builder()
            .connector_settings(self.settings.clone())
            .proxy_config(proxy)
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(tls)
            .build();
        Ok(SharedHttpConnector::new(connector))
    }
}
