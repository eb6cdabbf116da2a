//! Refuses responses that were cut short or damaged, and repeats their calls.

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

use super::well_formed;
use crate::aws::Service;
use crate::aws::call::error_chain;

/// Refuses a response of which only the beginning came, or that was damaged.
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
            let body = response.body().bytes();
            return match self.0 {
                Service::CloudWatch => body.map_or(Ok(()), |body| check_cbor(is_read, body)),
                _ => body.map_or(Ok(()), |body| check_json(operation, is_read, body)),
            };
        }
        match (is_read, response.body().bytes()) {
            (true, body) => check_whole(operation, body.unwrap_or_default()),
            // Cut within a tag, it could not be read at all, which says less than that it was cut.
            (false, Some(body)) => match check_whole(operation, body) {
                Err(error) if error.is::<Incomplete>() => Err(error),
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

/// An answer that did not arrive as AWS wrote it.
#[derive(Debug, thiserror::Error)]
#[error("the {0}")]
struct Incomplete(String);

/// The SDK's JSON reader accepts texts that are not JSON, such as those with a line break in a string.
fn check_json(operation: &str, is_read: bool, body: &[u8]) -> Result<(), BoxError> {
    if is_read && body.is_empty() {
        // An operation without output has no body. For any other the SDK takes it for an object without members, which
        // would be an object without tags.
        return match has_output(operation) {
            true => Err(Incomplete("JSON has not begun, so it was cut short".to_owned()).into()),
            false => Ok(()),
        };
    }
    match serde_json::from_slice::<serde_json::Value>(body) {
        Err(_) if !is_read && is_cut_json(body) => {
            Err(Incomplete("JSON does not end, so it was cut short".to_owned()).into())
        }
        Err(error) if is_read => {
            Err(Incomplete(format!("JSON is not well-formed ({error}), so it was damaged on its way")).into())
        }
        _ => Ok(()),
    }
}

/// True for an operation that reads.
fn has_output(operation: &str) -> bool {
    ["BatchGet", "Describe", "Get", "List"].iter().any(|verb| operation.starts_with(verb))
}

/// True for the beginning of an object in JSON, of which not even the brace may have come.
fn is_cut_json(body: &[u8]) -> bool {
    (body.is_empty() || body.starts_with(b"{"))
        && serde_json::from_slice::<serde_json::Value>(body).is_err_and(|error| error.is_eof())
}

/// The SDK does not look at the body of an operation without output, which may be the page of a proxy that did not let the
/// call through.
fn check_cbor(is_read: bool, body: &[u8]) -> Result<(), BoxError> {
    if is_read && (body.is_empty() || is_map_in_cbor(body)) {
        return Ok(());
    }
    if is_cut_cbor(body) {
        return Err(Incomplete("CBOR does not end, so it was cut short".to_owned()).into());
    }
    match is_read {
        true => Err("the body is not CBOR, so it is not a response of AWS".into()),
        // What could not be read is an error already.
        false => Ok(()),
    }
}

/// True for one whole map in CBOR.
fn is_map_in_cbor(body: &[u8]) -> bool {
    let mut decoder = Decoder::new(body);
    body.first().is_some_and(|first| first >> 5 == 5)
        && decoder.skip().is_ok()
        && decoder.position() == body.len()
}

/// True for the beginning of a map in CBOR, as which CloudWatch writes every response (protocol rpc-v2-cbor of Smithy);
/// not even its first byte may have come.
fn is_cut_cbor(body: &[u8]) -> bool {
    let is_map = body.first().is_none_or(|first| first >> 5 == 5);
    is_map && Decoder::new(body).skip().is_err_and(|error| error.is_end_of_input())
}

/// The SDK's XML reader takes a body that was cut short for a shorter answer: a
/// list of three groups, cut in half, becomes a list of two. So the end of the
/// document has to be there, and what is before it has to be well-formed.
fn check_whole(operation: &str, body: &[u8]) -> Result<(), BoxError> {
    let (begin, end) = (format!("<{operation}Response"), format!("</{operation}Response>"));
    if body.trim_ascii_end().ends_with(end.as_bytes()) {
        let damaged = |reason| Incomplete(format!("XML {reason}, so it was damaged on its way")).into();
        return well_formed::check(body).map_err(damaged);
    }
    let cut = Incomplete(format!("XML does not end with {end}, so it was cut short"));
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
            Some(Err(error)) if error_chain::find::<Incomplete>(error).is_some() => {
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
        let kind = |body: &[u8]| check_whole("DescribeX", body).unwrap_err().is::<Incomplete>();
        assert!(kind(b"<DescribeXResponse><a>1</a>") && kind(b"<Descr") && kind(b""));
        assert!(kind(b"<?xml version=\"1.0\"?>\n<DescribeXResponse><a>"));
        assert!(!kind(b"<html>Sign in to this network</html>"));
        assert!(kind(b"<DescribeXResponse><a>1</b></DescribeXResponse>"));
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
    fn json_that_only_a_lenient_reader_accepts_is_refused() {
        let kind = |body: &[u8]| check_json("PutX", true, body).map_err(|error| error.is::<Incomplete>());
        assert_eq!(kind(b"{\"Value\": \"a\nb\"}"), Err(true));
        assert!(kind(b"").is_ok() && kind(b"{\"Value\": \"a\\nb\"}\n").is_ok());
        // What could not be read is an error already.
        assert!(check_json("GetX", false, b"Sign in to this network").is_ok());
        assert!(check_json("GetX", false, b"{\"Value\":").is_err_and(|error| error.is::<Incomplete>()));
    }

    #[test]
    fn a_read_has_a_body() {
        for operation in
            ["ListTagsForResource", "DescribeParameters", "GetSecretValue", "BatchGetSecretValue"]
        {
            assert!(
                check_json(operation, true, b"").is_err_and(|error| error.is::<Incomplete>()),
                "{operation}"
            );
            assert!(check_json(operation, true, b"{}").is_ok(), "{operation}");
        }
        assert!(check_json("TagResource", true, b"").is_ok());
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

    /// An operation without output has an empty body, or an empty map.
    #[test]
    fn a_page_is_no_response_of_an_operation_without_output() {
        let kind = |is_read, body: &[u8]| check_cbor(is_read, body).map_err(|error| error.is::<Incomplete>());
        for whole in [&b""[..], b"\xa0", b"\xbf\xff", b"\xa1\x61a\x01"] {
            assert_eq!(kind(true, whole), Ok(()), "{whole:?}");
        }
        for page in [&b"<html>Sign in</html>"[..], b"Sign in to this network", b"\xa0<html>", b"\x80", b"{}"]
        {
            assert_eq!(kind(true, page), Err(false), "{page:?}");
        }
        for cut in [&b"\xbf"[..], b"\xa1\x61a"] {
            assert_eq!((kind(true, cut), kind(false, cut)), (Err(true), Err(true)), "{cut:?}");
        }
        assert_eq!(kind(false, b""), Err(true));
    }
}
