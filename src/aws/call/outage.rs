//! Calls without an answer whose endpoint has answered before.
//!
//! An endpoint that cannot be reached may be a wrong one, so a call gives up soon ([`crate::aws::http::connect_retry`]).
//! Once it has answered, it is the right one, and the network comes back: a wait goes on then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use tokio::task::futures::TaskLocalFuture;

tokio::task_local! {
    static CURRENT: CalledEndpoint;
}

/// The endpoint of one call.
#[derive(Debug, Clone, Default)]
pub(super) struct CalledEndpoint(Arc<AtomicBool>);

impl CalledEndpoint {
    /// Sends the request of the call.
    pub(super) fn during<F: Future>(&self, request: F) -> TaskLocalFuture<Self, F> {
        CURRENT.scope(self.clone(), request)
    }

    /// True if the endpoint had answered before the last attempt.
    pub(super) fn has_answered(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Records whether the endpoint of a client has answered.
#[derive(Debug, Default)]
pub(in crate::aws) struct EndpointHistory(AtomicBool);

impl Intercept for EndpointHistory {
    fn name(&self) -> &'static str {
        "EndpointHistory"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.0.load(Ordering::Relaxed) {
            // A request that is presigned is no call.
            let _ = CURRENT.try_with(|endpoint| endpoint.0.store(true, Ordering::Relaxed));
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.response().is_some() {
            self.0.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}
