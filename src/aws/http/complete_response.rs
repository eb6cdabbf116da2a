//! Refuses responses that were cut short, and repeats their calls.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, InterceptorContext,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use minicbor::Decoder;

use crate::aws::Service;
use crate::aws::call::error_chain;

/// Refuses a response of which only the beginning came.
#[derive(Debug, Clone)]
pub(in crate::aws) struct CompleteResponse(pub(in crate::aws) Service);

impl Intercept for CompleteResponse {
    fn name(&self) -> &'static str {
        "CompleteResponse"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        if !response.status().is_success() {
            return Ok(());
        }
        let operation = config.load::<Metadata>().map_or("", Metadata::name);
        let is_read = context.output_or_error().is_ok();
        if !self.speaks_xml() {
            let (is_cut, format): (fn(&[u8]) -> bool, _) = match self.0 {
                Service::CloudWatch => (is_cut_cbor, "CBOR"),
                _ => (is_cut_json, "JSON"),
            };
            let is_cut = !is_read && response.body().bytes().is_some_and(is_cut);
            return if is_cut { Err(CutShort(format!("{format} does not end")).into()) } else { Ok(()) };
        }
        match (is_read, response.body().bytes()) {
            (true, body) => check_whole(operation, body.unwrap_or_default()),
            // Cut within a tag, it could not be read at all, which says less than that it was cut.
            (false, Some(body)) => match check_whole(operation, body) {
                Err(error) if error.is::<CutShort>() => Err(error),
                _ => Ok(()),
            },
            // An answer whose connection broke is an error already, and one that is repeated.
            (false, None) => Ok(()),
        }
    }
}

impl CompleteResponse {
    fn speaks_xml(&self) -> bool {
        matches!(self.0, Service::ElastiCache | Service::Ec2 | Service::Sts)
    }
}

/// An answer of which only the beginning came.
#[derive(Debug, thiserror::Error)]
#[error("the {0}, so it was cut short")]
struct CutShort(String);

/// True for the beginning of an object in JSON, of which not even the brace may have come.
fn is_cut_json(body: &[u8]) -> bool {
    (body.is_empty() || body.starts_with(b"{"))
        && serde_json::from_slice::<serde_json::Value>(body).is_err_and(|error| error.is_eof())
}

/// True for the beginning of a map in CBOR, as which CloudWatch writes every response (protocol rpc-v2-cbor of Smithy);
/// not even its first byte may have come.
fn is_cut_cbor(body: &[u8]) -> bool {
    let is_map = body.first().is_none_or(|first| first >> 5 == 5);
    is_map && Decoder::new(body).skip().is_err_and(|error| error.is_end_of_input())
}

/// The SDK's XML reader takes a body that was cut short for a shorter answer: a
/// list of three groups, cut in half, becomes a list of two. So the end of the
/// document has to be there.
fn check_whole(operation: &str, body: &[u8]) -> Result<(), BoxError> {
    let (begin, end) = (format!("<{operation}Response"), format!("</{operation}Response>"));
    if body.trim_ascii_end().ends_with(end.as_bytes()) {
        return Ok(());
    }
    let cut = CutShort(format!("XML does not end with {end}"));
    // What a proxy put in the place of the response is no better the next time.
    match is_beginning(body, "<?xml") || is_beginning(body, &begin) {
        true => Err(cut.into()),
        false => Err(cut.to_string().into()),
    }
}

/// True when `body` begins with `text`, or ends before it could.
fn is_beginning(body: &[u8], text: &str) -> bool {
    text.bytes().zip(body).all(|(expected, is)| expected == *is)
}

/// Repeats a call whose answer was cut short, as the SDK repeats one whose connection
/// broke before the answer was whole: no more is known of the one than of the other.
#[derive(Debug)]
pub(in crate::aws) struct RetryTruncatedResponse;

impl ClassifyRetry for RetryTruncatedResponse {
    fn name(&self) -> &'static str {
        "Retry Truncated Response"
    }

    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.output_or_error() {
            Some(Err(error)) if error_chain::find::<CutShort>(error).is_some() => {
                RetryAction::transient_error()
            }
            _ => RetryAction::NoActionIndicated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_document_is_not_whole() {
        assert!(check_whole("DescribeX", b"<DescribeXResponse/>").is_err());
        assert!(check_whole("DescribeX", b"<DescribeXResponse></DescribeXResponse>\n").is_ok());
        let kind = |body: &[u8]| check_whole("DescribeX", body).unwrap_err().is::<CutShort>();
        assert!(kind(b"<DescribeXResponse><a>1</a>") && kind(b"<Descr") && kind(b""));
        assert!(kind(b"<?xml version=\"1.0\"?>\n<DescribeXResponse><a>"));
        assert!(!kind(b"<html>Sign in to this network</html>"));
    }

    #[test]
    fn a_cut_object_is_not_whole() {
        let whole = br#"{"ARN": "a", "Version": [1, true]}"#;
        assert!((0..whole.len()).all(|length| is_cut_json(&whole[..length])));
        for other in [&whole[..], b"Sign in to this network", b"{}", b"{Sign in}"] {
            assert!(!is_cut_json(other));
        }
    }

    #[test]
    fn a_cut_map_is_not_whole() {
        // {"DashboardEntries": [], "NextToken": "a"}, of definite and of indefinite length (RFC 8949, section 3.2).
        let definite = b"\xa2\x70DashboardEntries\x80\x69NextToken\x61a";
        let indefinite = b"\xbf\x70DashboardEntries\x9f\xff\x69NextToken\x61a\xff";
        for whole in [&definite[..], indefinite] {
            assert!((0..whole.len()).all(|length| is_cut_cbor(&whole[..length])));
            assert!(!is_cut_cbor(whole));
        }
        assert!(!is_cut_cbor(b"Sign in to this network") && !is_cut_cbor(b"<html>"));
    }
}
