//! Running one SDK call.

use super::error_chain;
use super::last_refusal::{self, RunningCall};
use super::outage::CalledEndpoint;
use super::own_calls;
use super::refusal::refusal;
use crate::aws::{AwsError, Cancel, ErrorKind, Service};
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use std::error::Error;
use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;
use tokio::time::Instant;
use tracing::Instrument;

/// How long a request that changes something may still take when the operation is
/// canceled. Dropped at once, it might be carried out and forgotten.
pub const GRACE: Duration = Duration::from_secs(10);

/// A future of any type.
pub(in crate::aws) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One call under way.
///
/// Boxed, for a future of the SDK has several kilobytes, and whatever awaits one has as many for each place it is
/// moved through: a read came to more than a hundred kilobytes. Without a type of its own, so that the compiler does
/// not prove of each operation that awaits it, layer by layer, that everything within the SDK may change threads.
pub type Call<'a, T> = BoxFuture<'a, Result<T, AwsError>>;

/// Runs one SDK call: gives it up when `cancel` fires, logs it (names, request
/// id and duration, never values) and converts its error.
///
/// A call that reads is given up at once. One that changes something is not begun
/// any more, but once begun it has ten seconds to end: its answer may be an id
/// that has to be saved.
///
/// # Errors
/// Everything [`AwsError`] can say.
pub fn call<'a, T, E>(
    cancel: &'a Cancel,
    service: Service,
    operation: &'static str,
    future: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'a,
) -> Call<'a, T>
where
    T: Send + 'a,
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let future = Box::pin(future);
    Box::pin(async move {
        let mut output = None;
        {
            let request = pin!(async {
                output = Some(future.await.map_err(|error| convert(service, operation, &error))?);
                Ok(())
            });
            run(cancel, RunningCall::of::<E>(service, operation), request).await?;
        }
        output.ok_or_else(|| AwsError::new(service, operation, ErrorKind::Cancelled))
    })
}

/// Everything of a call that does not depend on its type, so that it is compiled once. Ends without an error if the
/// request has succeeded.
async fn run(
    cancel: &Cancel,
    call: RunningCall,
    request: Pin<&mut (dyn Future<Output = Result<(), AwsError>> + Send)>,
) -> Result<(), AwsError> {
    let (service, operation) = call.name();
    let span = tracing::debug_span!("aws", service = service.name(), operation);
    let run = async {
        own_calls::begin();
        let started = Instant::now();
        let cancelled = || AwsError::new(service, operation, ErrorKind::Cancelled);
        if cancel.is_cancelled() && changes_something(operation) {
            return Err(cancelled());
        }
        let endpoint = CalledEndpoint::default();
        let result = tokio::select! {
            // A finished call is worth more than a request to stop.
            biased;
            result = endpoint.during(call.during(request)) => result,
            () = given_up(cancel, operation) => match changes_something(operation) {
                true => Err(AwsError::new(service, operation, ErrorKind::GivenUp)),
                false => Err(cancelled()),
            },
        };
        let result = result.map_err(|error| {
            // The error of getting credentials is that of another operation: this one was not sent.
            let may_have_changed = error.operation() == Some(operation) && changes_something(operation);
            let is_outage = error.is_without_answer() && endpoint.has_answered() && !may_have_changed;
            if is_outage { error.of_outage() } else { error }
        });
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &result {
            Ok(()) => {
                last_refusal::forget();
                tracing::debug!(milliseconds, "AWS call succeeded.");
            }
            Err(error) => tracing::debug!(
                milliseconds,
                code = error.code(),
                request_id = error.request_id(),
                "AWS call failed."
            ),
        }
        result
    };
    run.instrument(span).await
}

/// Ends when a call of this operation is to be dropped.
async fn given_up(cancel: &Cancel, operation: &str) {
    cancel.cancelled().await;
    if changes_something(operation) {
        tracing::info!(
            seconds = GRACE.as_secs(),
            "the operation was canceled; waiting for the answer under way"
        );
        tokio::time::sleep(GRACE).await;
    }
}

/// Whether an operation may leave something behind. AWS names those that only read
/// alike in all services.
pub(in crate::aws) fn changes_something(operation: &str) -> bool {
    !["Describe", "List", "Get", "BatchGet"].iter().any(|verb| operation.starts_with(verb))
}

/// The SDK's error as ours.
pub(in crate::aws) fn convert<E>(
    service: Service,
    operation: &'static str,
    error: &SdkError<E, HttpResponse>,
) -> AwsError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    // Credentials are got inside the call; an error of theirs says more than
    // the call's own, and ours are already in their final form.
    if let Some(error) = error_chain::find::<AwsError>(error) {
        return error.clone();
    }
    if let Some(error) = error_chain::find::<CredentialsError>(error) {
        return crate::aws::config::account::credentials_error(error);
    }
    let request_id = error.request_id().map(str::to_owned);
    let kind = match error {
        SdkError::ServiceError(answer) => refusal(answer.err(), answer.raw()),
        SdkError::ResponseError(answer) => {
            let status = answer.raw().status().as_u16();
            ErrorKind::Response { detail: format!("HTTP {status}, {}", cause_of(error)), request_id }
        }
        SdkError::TimeoutError(_) => ErrorKind::Timeout { detail: cause_of(error) },
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            ErrorKind::Timeout { detail: cause_of(error) }
        }
        SdkError::ConstructionFailure(_) => {
            ErrorKind::Config { detail: format!("the request could not be made: {}.", cause_of(error)) }
        }
        _ => ErrorKind::Dispatch { detail: cause_of(error) },
    };
    AwsError::new(service, operation, kind)
}

/// The chain below the SDK's own two layers, which only say "dispatch failure".
fn cause_of(error: &(dyn Error + 'static)) -> String {
    let cause = error_chain::causes(error)
        .find(|cause| {
            let text = cause.to_string();
            !matches!(
                text.as_str(),
                "dispatch failure"
                    | "response error"
                    | "request has timed out"
                    | "failed to construct request"
                    | "io error"
                    | "timeout"
                    | "other"
                    | "user error"
                    | "error trying to connect"
            )
        })
        .unwrap_or(error);
    error_chain::sentence(cause)
}
