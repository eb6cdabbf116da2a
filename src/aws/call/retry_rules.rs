//! Which responses of one service are not retried, other than the SDK decides.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};

use crate::aws::Service;

/// Makes a quota that is used up final. To the SDK the code of that is one for "slower", as it
/// is with other services, and the call would be repeated for minutes to the same end. With
/// CloudWatch Logs and Secrets Manager it says that there may be no more objects (their API models).
#[derive(Debug)]
pub(in crate::aws) struct QuotaErrorsArePermanent(pub(in crate::aws) Service);

impl ClassifyRetry for QuotaErrorsArePermanent {
    fn name(&self) -> &'static str {
        "Quota Errors Are Permanent"
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
