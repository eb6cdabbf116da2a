//! What is done to every request and answer of every client.

use crate::aws::call::error_chain;
use crate::aws::{Service, Settings};
use crate::redact;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
    FinalizerInterceptorContextRef, InterceptorContext,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::region::Region;
use aws_types::request_id::RequestId;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Names the provider in the User-Agent header, logs every answer, and refuses
/// XML that was cut short.
#[derive(Debug, Clone)]
pub(in crate::aws) struct Edge {
    service: Service,
    user_agent: String,
}

impl Edge {
    pub(in crate::aws) fn new(service: Service, user_agent: String) -> Self {
        Self { service, user_agent }
    }
}

/// The products added to the User-Agent header: this provider, the provider
/// block's, and those of `TF_APPEND_USER_AGENT`.
pub(in crate::aws) fn user_agent(settings: &Settings, appended: Option<&str>) -> String {
    let own = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let products = std::iter::once(own).chain(settings.user_agent.iter().map(String::as_str)).chain(appended);
    let mut text =
        products.map(str::trim).filter(|product| !product.is_empty()).collect::<Vec<_>>().join(" ");
    // Other characters cannot stand in a header.
    text.retain(|character| character == ' ' || character.is_ascii_graphic());
    text
}

impl Intercept for Edge {
    fn name(&self) -> &'static str {
        "Edge"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        // AWS quotes this header when it refuses a signature.
        if let Some(token) = headers.get("x-amz-security-token") {
            redact::remember_everywhere(token);
        }
        // After signing: the signature does not cover this header.
        let value = match headers.get("user-agent") {
            Some(sdk) => format!("{sdk} {}", self.user_agent),
            None => self.user_agent.clone(),
        };
        headers.try_insert("user-agent", value)?;
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = config.load::<Metadata>().map_or("", Metadata::name);
        let response = context.response();
        tracing::debug!(
            service = self.service.name(),
            operation,
            region = config.load::<Region>().map(Region::as_ref),
            status = response.status().as_u16(),
            request_id = response.request_id(),
            "AWS answered."
        );
        if !response.status().is_success() {
            return Ok(());
        }
        let is_read = context.output_or_error().is_ok();
        if !self.speaks_xml() {
            let is_cut = !is_read && response.body().bytes().is_some_and(is_cut_json);
            return if is_cut { Err(CutShort("JSON does not end".to_owned()).into()) } else { Ok(()) };
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

impl Edge {
    fn speaks_xml(&self) -> bool {
        matches!(self.service, Service::ElastiCache | Service::Ec2 | Service::Sts)
    }
}

/// An answer of which only the beginning came.
#[derive(Debug, thiserror::Error)]
#[error("the {0}, so it was cut short")]
struct CutShort(String);

/// True for the beginning of an object in JSON.
fn is_cut_json(body: &[u8]) -> bool {
    body.starts_with(b"{")
        && serde_json::from_slice::<serde_json::Value>(body).is_err_and(|error| error.is_eof())
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
pub(in crate::aws) struct RepeatCutShort;

impl ClassifyRetry for RepeatCutShort {
    fn name(&self) -> &'static str {
        "Answers Cut Short"
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

/// Makes a quota that is used up final. To the SDK the code of that is one for "slower", as it
/// is with other services, and the call would be repeated for minutes to the same end. With
/// CloudWatch Logs and Secrets Manager it says that there may be no more objects (their API models).
#[derive(Debug)]
pub(in crate::aws) struct QuotaIsFinal(pub(in crate::aws) Service);

impl ClassifyRetry for QuotaIsFinal {
    fn name(&self) -> &'static str {
        "Quota Is Final"
    }

    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let body = match self.0 {
            Service::Logs | Service::SecretsManager => {
                let refused = context.response().filter(|response| response.status().is_client_error());
                refused.and_then(|response| response.body().bytes())
            }
            _ => None,
        };
        let answer = body.and_then(|body| serde_json::from_slice::<serde_json::Value>(body).ok());
        let code = answer.as_ref().and_then(|answer| answer.get("__type")?.as_str()?.rsplit('#').next());
        match code {
            Some("LimitExceededException") => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }
}

/// Notes whether any attempt of one call went unanswered: the SDK repeats such calls by
/// itself, and the answer to the repetition then speaks of what the first attempt did.
/// Copies share the note; give one to the call with `customize().interceptor(…)`.
#[derive(Debug, Clone, Default)]
pub struct LostAnswers(Arc<Lost>);

#[derive(Debug, Default)]
struct Lost {
    any: AtomicBool,
    accepted: AtomicBool,
}

impl LostAnswers {
    /// True when AWS may have carried out an attempt without our knowing.
    pub fn any(&self) -> bool {
        self.0.any.load(Ordering::Acquire)
    }

    /// True when AWS has answered an attempt with success, though the answer was not
    /// whole: it was carried out.
    pub fn accepted(&self) -> bool {
        self.0.accepted.load(Ordering::Acquire)
    }
}

impl Intercept for LostAnswers {
    fn name(&self) -> &'static str {
        "LostAnswers"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let failed = context.output_or_error().is_some_and(|outcome| outcome.is_err());
        // AWS refuses with 4xx and has then done nothing; a 5xx says nothing of what was done.
        let refused = context.response().is_some_and(|response| response.status().is_client_error());
        if failed && !refused {
            self.0.any.store(true, Ordering::Release);
            if context.response().is_some_and(|response| response.status().is_success()) {
                self.0.accepted.store(true, Ordering::Release);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_agent_names_everyone_once_and_drops_what_no_header_may_hold() {
        let settings = Settings { user_agent: vec!["module/1.0".into(), " ".into()], ..Settings::default() };
        assert_eq!(
            user_agent(&settings, Some("ci/2\r\nx")),
            concat!("terraform-provider-elasticache/", env!("CARGO_PKG_VERSION"), " module/1.0 ci/2x")
        );
    }

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
        assert!((1..whole.len()).all(|length| is_cut_json(&whole[..length])));
        for other in [&whole[..], b"", b"Sign in to this network", b"{}", b"{Sign in}"] {
            assert!(!is_cut_json(other));
        }
    }
}
