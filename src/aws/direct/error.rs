//! The error of a call.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::{ErrorKind, ProvideErrorKind};

/// What AWS refused, or a response that cannot be read; the latter has no code.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.text())]
pub struct DirectError {
    metadata: ErrorMetadata,
    #[source]
    source: Option<BoxError>,
}

impl DirectError {
    pub(super) fn unreadable(source: impl Into<BoxError>) -> Self {
        Self { metadata: ErrorMetadata::builder().build(), source: Some(source.into()) }
    }

    fn text(&self) -> String {
        self.metadata.code().map_or_else(|| "unreadable response".to_owned(), str::to_owned)
    }
}

/// The error of a response that is not a success. It has no code when the body is not the service's.
pub(super) fn refused(response: &HttpResponse, code: Option<String>, message: Option<String>) -> DirectError {
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = code {
        metadata = metadata.code(code);
    }
    if let Some(message) = message {
        metadata = metadata.message(message);
    }
    let metadata = aws_types::request_id::apply_request_id(metadata, response.headers()).build();
    DirectError { metadata, source: None }
}

impl ProvideErrorMetadata for DirectError {
    fn meta(&self) -> &ErrorMetadata {
        &self.metadata
    }
}

/// No operation models an error as retryable: the codes decide, as for the SDK's clients.
impl ProvideErrorKind for DirectError {
    fn retryable_error_kind(&self) -> Option<ErrorKind> {
        None
    }

    fn code(&self) -> Option<&str> {
        self.metadata.code()
    }
}
