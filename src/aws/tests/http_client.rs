//! HTTP clients without a network: one answers from a closure, one never answers.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use std::fmt;
use std::sync::Arc;

/// A client that gives the same function every request.
#[derive(Clone)]
pub(in crate::aws) struct TestClient(Arc<dyn Fn(HttpRequest) -> HttpConnectorFuture + Send + Sync>);

/// Answers every request from the closure.
pub(in crate::aws) fn answer_with(
    answer: impl Fn(http::Request<SdkBody>) -> http::Response<SdkBody> + Send + Sync + 'static,
) -> TestClient {
    TestClient(Arc::new(move |request| {
        let response = answer(request.try_into_http1x().unwrap());
        HttpConnectorFuture::ready(Ok(response.try_into().unwrap()))
    }))
}

/// Answers every request from the closure, or fails to reach the endpoint.
pub(in crate::aws) fn answer_or_fail(
    answer: impl Fn() -> Result<http::Response<SdkBody>, ConnectorError> + Send + Sync + 'static,
) -> TestClient {
    TestClient(Arc::new(move |_| HttpConnectorFuture::ready(answer().map(|it| it.try_into().unwrap()))))
}

/// Leaves every request without an answer.
pub(in crate::aws) fn never_answer() -> TestClient {
    TestClient(Arc::new(|_| HttpConnectorFuture::new(std::future::pending())))
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient").finish_non_exhaustive()
    }
}

impl HttpConnector for TestClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        (self.0)(request)
    }
}

impl HttpClient for TestClient {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
