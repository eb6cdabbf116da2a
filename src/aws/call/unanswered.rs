//! Attempts of a call that AWS has not answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_runtime::client::retries::classifiers::run_classifiers_on_ctx;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextRef;
use aws_smithy_runtime_api::client::retries::ErrorKind;
use aws_smithy_runtime_api::client::retries::classifiers::{RetryAction, RetryReason};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Notes whether any attempt of one call went unanswered: the SDK repeats such calls by
/// itself, and the answer to the repetition then speaks of what the first attempt did.
/// Copies share the note; give one to the call with `customize().interceptor(…)`.
#[derive(Debug, Clone, Default)]
pub struct UnansweredAttempts(Arc<Attempts>);

#[derive(Debug, Default)]
struct Attempts {
    any: AtomicBool,
    accepted: AtomicBool,
}

impl UnansweredAttempts {
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

/// True for a response by which AWS throttles the call.
fn is_throttled(context: &FinalizerInterceptorContextRef<'_>, components: &RuntimeComponents) -> bool {
    let action = run_classifiers_on_ctx(components.retry_classifiers(), context.inner());
    let throttling = matches!(
        action,
        RetryAction::RetryIndicated(RetryReason::RetryableError { kind: ErrorKind::ThrottlingError, .. })
    );
    throttling && context.response().is_some()
}

impl Intercept for UnansweredAttempts {
    fn name(&self) -> &'static str {
        "UnansweredAttempts"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let failed = context.output_or_error().is_some_and(|outcome| outcome.is_err());
        // AWS refuses with 4xx and has then done nothing; a 5xx says nothing of what was done, except that EC2 throttles
        // with 503.
        let refused = context.response().is_some_and(|response| response.status().is_client_error());
        if failed && !refused && !is_throttled(context, components) {
            self.0.any.store(true, Ordering::Release);
            if context.response().is_some_and(|response| response.status().is_success()) {
                self.0.accepted.store(true, Ordering::Release);
            }
        }
        Ok(())
    }
}
