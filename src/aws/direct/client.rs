//! The client and its configuration.

use super::{DirectError, ServiceModel, endpoint};
use crate::aws::UnansweredAttempts;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::recursion_detection::RecursionDetectionInterceptor;
use aws_runtime::request_info::RequestInfoInterceptor;
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::service_clock_skew::{ServiceClockSkewClassifier, ServiceClockSkewInterceptor};
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::http::connection_poisoning::ConnectionPoisoningInterceptor;
use aws_smithy_runtime::client::orchestrator::endpoints::StaticUriEndpointResolver;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime::client::stalled_stream_protection::StalledStreamProtectionInterceptor;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::endpoint::{EndpointResolverParams, SharedEndpointResolver};
use aws_smithy_runtime_api::client::interceptors::{Intercept, SharedInterceptor};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::retries::classifiers::ClassifyRetry;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{SharedRuntimePlugin, StaticRuntimePlugin};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::SigningName;
use aws_types::region::{Region, SigningRegion};
use std::fmt;

/// A client of one service in one Region. Cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::aws) struct Client {
    model: &'static ServiceModel,
    /// Configuration and components of every call.
    plugin: SharedRuntimePlugin,
    behavior: aws_config::BehaviorVersion,
}

impl Client {
    /// What its API model says of the service.
    pub(super) fn model(&self) -> &'static ServiceModel {
        self.model
    }

    /// Calls an operation: `request` is sent as it is, and `read` makes the result of the response.
    /// `attempts` learns of attempts that were not answered.
    pub(super) async fn invoke<T>(
        &self,
        operation: &'static str,
        request: Request,
        read: impl Fn(&HttpResponse) -> Result<T, DirectError> + Send + Sync + 'static,
        attempts: Option<&UnansweredAttempts>,
    ) -> Result<T, SdkError<DirectError, HttpResponse>>
    where
        T: fmt::Debug + Send + Sync + 'static,
    {
        let mut call = Operation::builder()
            .service_name(self.model.id)
            .operation_name(operation)
            .behavior_version(self.behavior)
            .runtime_plugin(self.plugin.clone())
            .serializer(|request: Request| Ok(request.0))
            .deserializer(move |response: &HttpResponse| {
                read(response).map_err(OrchestratorError::operation)
            });
        if let Some(attempts) = attempts {
            call = call.interceptor(attempts.clone());
        }
        call.build().invoke(request).await
    }
}

/// A request as the input of a call. Errors and logs show the input of a call, and a request may hold
/// what nobody else should read.
pub(super) struct Request(HttpRequest);

impl Request {
    /// `POST /`, as the protocols here have it.
    pub(super) fn post(content_type: &'static str, body: String) -> Self {
        let length = body.len().to_string();
        let mut request = HttpRequest::new(SdkBody::from(body));
        // Only an invalid token is refused, and both texts are constants.
        let _ = request.set_method("POST");
        let _ = request.set_uri("/");
        request.headers_mut().insert("content-type", content_type);
        request.headers_mut().insert("content-length", length);
        Self(request)
    }

    /// The request with a header.
    pub(super) fn header(mut self, name: &'static str, value: String) -> Self {
        self.0.headers_mut().insert(name, value);
        self
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Request(..)")
    }
}

/// Configuration of a [`Client`], with the methods that the SDK's configurations have.
#[derive(Debug)]
pub(in crate::aws) struct Builder {
    model: &'static ServiceModel,
    layer: Layer,
    components: RuntimeComponentsBuilder,
    sdk: SdkConfig,
    region: Option<Region>,
    url: Option<String>,
}

impl Builder {
    /// Starts with what is the same for every client.
    pub(in crate::aws) fn new(model: &'static ServiceModel, sdk: &SdkConfig) -> Self {
        let mut layer = Layer::new(model.id);
        layer.store_put(ApiMetadata::new(model.signing_name, env!("CARGO_PKG_VERSION")));
        layer.store_put(SigningName::from_static(model.signing_name));
        layer.store_put(SigV4OperationSigningConfig::default());
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        layer.store_put(EndpointResolverParams::new(()));
        layer.store_or_unset(sdk.retry_config().cloned());
        layer.store_or_unset(sdk.timeout_config().cloned());
        layer.store_or_unset(sdk.stalled_stream_protection());
        layer.store_or_unset(sdk.app_name().cloned());

        let mut components = RuntimeComponentsBuilder::new(model.id);
        components.set_http_client(sdk.http_client());
        components.set_sleep_impl(sdk.sleep_impl());
        components.set_time_source(Some(sdk.time_source().unwrap_or_default()));
        components.set_identity_cache(sdk.identity_cache());
        if let Some(credentials) = sdk.credentials_provider() {
            components.set_identity_resolver(SCHEME_ID, credentials);
        }
        components.push_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()));
        components.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
            StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]),
        )));
        components.push_retry_classifier(HttpStatusCodeClassifier::default());
        components.push_retry_classifier(TransientErrorClassifier::<DirectError>::new());
        components.push_retry_classifier(AwsErrorCodeClassifier::<DirectError>::new());
        components.push_retry_classifier(ServiceClockSkewClassifier::<DirectError>::new());
        components.push_interceptor(SharedInterceptor::permanent(ConnectionPoisoningInterceptor::new()));
        components
            .push_interceptor(SharedInterceptor::permanent(StalledStreamProtectionInterceptor::default()));
        components.push_interceptor(SharedInterceptor::permanent(RecursionDetectionInterceptor::new()));
        components.push_interceptor(ServiceClockSkewInterceptor::new());
        components.push_interceptor(RequestInfoInterceptor::new());
        components.push_interceptor(UserAgentInterceptor::new());
        components.push_interceptor(InvocationIdInterceptor::new());
        Self { model, layer, components, sdk: sdk.clone(), region: sdk.region().cloned(), url: None }
    }

    /// The Region that is called.
    #[must_use]
    pub(in crate::aws) fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Sets a custom endpoint; `None` is the service's own.
    pub(in crate::aws) fn set_endpoint_url(&mut self, url: Option<String>) {
        self.url = url;
    }

    /// Adds a retry classifier.
    #[must_use]
    pub(in crate::aws) fn retry_classifier(mut self, classifier: impl ClassifyRetry + 'static) -> Self {
        self.components.push_retry_classifier(classifier);
        self
    }

    /// Sets the retry partition.
    #[must_use]
    pub(in crate::aws) fn retry_partition(mut self, partition: RetryPartition) -> Self {
        self.layer.store_put(partition);
        self
    }

    /// Replaces the retry configuration.
    #[must_use]
    pub(in crate::aws) fn retry_config(mut self, retries: RetryConfig) -> Self {
        self.layer.store_put(retries);
        self
    }

    /// Sets time-outs over those of every client.
    #[must_use]
    pub(in crate::aws) fn timeout_config(mut self, timeouts: TimeoutConfig) -> Self {
        self.layer.store_put(timeouts);
        self
    }

    /// Adds an interceptor.
    #[must_use]
    pub(in crate::aws) fn interceptor(mut self, interceptor: impl Intercept + 'static) -> Self {
        self.components.push_interceptor(interceptor);
        self
    }

    /// The client. An endpoint that cannot be resolved is the error of each call, as with the SDK's
    /// clients.
    pub(in crate::aws) fn build(mut self) -> Client {
        let region = self.region.as_ref().map_or("", Region::as_ref);
        let url = self.url.take();
        let fips = self.sdk.use_fips().unwrap_or(false);
        let dual_stack = self.sdk.use_dual_stack().unwrap_or(false);
        let resolver = match endpoint::endpoint(self.model, region, fips, dual_stack, url.as_deref()) {
            Ok(url) => SharedEndpointResolver::new(StaticUriEndpointResolver::uri(url)),
            Err(error) => SharedEndpointResolver::new(endpoint::Unresolvable(error)),
        };
        self.components.set_endpoint_resolver(Some(resolver));
        if let Some(region) = self.region {
            self.layer.store_put(SigningRegion::from(region.clone()));
            self.layer.store_put(region);
        }
        let plugin = StaticRuntimePlugin::new()
            .with_config(self.layer.freeze())
            .with_runtime_components(self.components);
        let behavior = self.sdk.behavior_version().unwrap_or_else(aws_config::BehaviorVersion::latest);
        Client { model: self.model, plugin: SharedRuntimePlugin::new(plugin), behavior }
    }
}
