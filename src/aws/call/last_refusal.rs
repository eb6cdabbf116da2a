//! What AWS has refused last, for a wait that ends during a call.
//!
//! The SDK repeats a call that is throttled for minutes, within one poll. A wait whose time is up drops the poll, and
//! with it the only error that would hold AWS's code and the request ID.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    Error as ErasedError, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::task::futures::TaskLocalFuture;

use super::refusal::refusal;
use crate::aws::{AwsError, ErrorKind, Service};

tokio::task_local! {
    static CURRENT: LastRefusal;
    static CALL: RunningCall;
}

/// The last refusal of the calls within a poll; copies share it. A call that succeeds clears it.
#[derive(Debug, Clone, Default)]
pub(in crate::aws) struct LastRefusal(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    refusal: Option<AwsError>,
    /// The refusals of another task, while the poll waits for its calls.
    shared: Option<LastRefusal>,
}

impl LastRefusal {
    /// Runs a poll, or calls for the polls of others, and keeps what AWS refuses meanwhile.
    pub(in crate::aws) fn during<F: Future>(&self, poll: F) -> TaskLocalFuture<Self, F> {
        CURRENT.scope(self.clone(), poll)
    }

    /// Waits for the answer of a task that keeps its refusals here. They count as those of the current poll, also if
    /// the poll is dropped before the answer.
    pub(in crate::aws) async fn follow<F: Future>(&self, answer: F) -> F::Output {
        // Outside of a wait nobody asks for them.
        let _ = CURRENT.try_with(|current| current.kept().shared = Some(self.clone()));
        let output = answer.await;
        let _ = CURRENT.try_with(|current| {
            let refusal = self.get();
            *current.kept() = Kept { refusal, shared: None };
        });
        output
    }

    /// The last refusal.
    pub(super) fn get(&self) -> Option<AwsError> {
        let (own, shared) = {
            let kept = self.kept();
            (kept.refusal.clone(), kept.shared.clone())
        };
        shared.and_then(|shared| shared.get()).or(own)
    }

    /// Forgets the refusal.
    pub(in crate::aws) fn clear(&self) {
        self.set(None);
    }

    fn set(&self, refusal: Option<AwsError>) {
        self.kept().refusal = refusal;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets the refusal of earlier attempts: a call has succeeded.
pub(super) fn forget() {
    // Outside of a wait nobody asks for it.
    let _ = CURRENT.try_with(LastRefusal::clear);
}

/// The call that a task runs, with its type of errors, which interceptors do not know.
pub(super) struct RunningCall {
    service: Service,
    operation: &'static str,
    read: fn(&ErasedError, &HttpResponse) -> Option<ErrorKind>,
}

impl RunningCall {
    /// A call whose errors are of type `E`.
    pub(super) fn of<E>(service: Service, operation: &'static str) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        Self { service, operation, read: read::<E> }
    }

    /// The service and the operation.
    pub(super) fn name(&self) -> (Service, &'static str) {
        (self.service, self.operation)
    }

    /// Sends the request of the call so that [`KeepRefusal`] understands its errors.
    pub(super) fn during<F: Future>(self, request: F) -> TaskLocalFuture<Self, F> {
        CALL.scope(self, request)
    }

    fn refusal(&self, error: &ErasedError, response: &HttpResponse) -> Option<AwsError> {
        let kind = (self.read)(error, response)?;
        Some(AwsError::new(self.service, self.operation, kind))
    }
}

fn read<E>(error: &ErasedError, response: &HttpResponse) -> Option<ErrorKind>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    error.downcast_ref::<E>().map(|error| refusal(error, response))
}

/// Keeps the refusal of each attempt for the wait around it.
#[derive(Debug)]
pub(in crate::aws) struct KeepRefusal;

impl Intercept for KeepRefusal {
    fn name(&self) -> &'static str {
        "KeepRefusal"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let error = context.output_or_error().and_then(Result::err);
        let Some(error) = error.and_then(OrchestratorError::as_operation_error) else { return Ok(()) };
        let Some(response) = context.response() else { return Ok(()) };
        // Neither exists for a call outside of a wait.
        let refusal = CALL.try_with(|call| call.refusal(error, response)).ok().flatten();
        if let Some(refusal) = refusal.filter(|refusal| refusal.code().is_some()) {
            let _ = CURRENT.try_with(|current| current.set(Some(refusal)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::tests::http_client::answer_with;
    use crate::aws::{Aws, Cancel, Poll, WaitPlan, call, wait_for};
    use aws_smithy_types::body::SdkBody;
    use std::time::Duration;

    /// The error of a wait whose only poll makes a call that AWS answers so, and never ends.
    async fn timed_out(status: u16, body: &'static str) -> String {
        let aws = Aws::for_tests(answer_with(move |_| {
            http::Response::builder().status(status).body(SdkBody::from(body)).unwrap()
        }));
        let (client, cancel) = (aws.elasticache(None).await.unwrap(), Cancel::new());
        let plan = WaitPlan::new("user \"a\" to be active", Duration::from_secs(60));
        let waited = wait_for::<(), _>(&cancel, &plan, async || {
            let request = client.describe_users().user_id("a").send();
            let _ = call(&cancel, Service::ElastiCache, "DescribeUsers", request).await;
            std::future::pending::<Result<Poll<()>, AwsError>>().await
        });
        waited.await.unwrap_err().to_string()
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_ends_during_a_poll_tells_what_aws_refused_last() {
        let refusal = "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>\
                       <RequestId>req-42</RequestId></ErrorResponse>";
        assert_eq!(
            timed_out(400, refusal).await,
            "Waiting for user \"a\" to be active timed out after 1m00s. AWS refused it last with: ElastiCache \
             DescribeUsers: Throttling: Rate exceeded (HTTP 400, request id req-42)."
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_succeeds_leaves_no_refusal() {
        let body = "<DescribeUsersResponse><DescribeUsersResult/></DescribeUsersResponse>";
        let expected = "Waiting for user \"a\" to be active timed out after 1m00s.";
        assert_eq!(timed_out(200, body).await, expected);
        assert_eq!(timed_out(502, "<html>Bad gateway</html>").await, expected);
        let last = LastRefusal::default();
        last.set(Some(AwsError::new(Service::ElastiCache, "DescribeUsers", ErrorKind::Cancelled)));
        last.during(async { forget() }).await;
        assert!(last.get().is_none());
    }
}
