//! The error in a response of AWS.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use crate::aws::ErrorKind;

/// The error in a response.
pub(super) fn refusal(error: &impl ProvideErrorMetadata, response: &HttpResponse) -> ErrorKind {
    let http_status = response.status().as_u16();
    let request_id = response.request_id().map(str::to_owned);
    match error.code() {
        Some(code) => ErrorKind::Service {
            code: code.to_owned(),
            message: error.message().unwrap_or_default().to_owned(),
            request_id: request_id.or_else(|| request_id_in_body(response)),
            http_status,
        },
        None => {
            ErrorKind::Response { detail: format!("HTTP {http_status} without an error code"), request_id }
        }
    }
}

/// The request ID of an XML error, which EC2 spells `RequestID`. Other services send it as a header
/// too, where the SDK looks.
fn request_id_in_body(answer: &HttpResponse) -> Option<String> {
    let body = std::str::from_utf8(answer.body().bytes()?).ok()?;
    ["RequestId", "RequestID"].into_iter().find_map(|name| {
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        let (id, _) = rest.split_once(&format!("</{name}>"))?;
        Some(id.to_owned())
    })
}
