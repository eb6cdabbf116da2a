//! What is retried, and how.
//!
//! | what fails | who repeats it | until |
//! | --- | --- | --- |
//! | a connection is never made | [`crate::aws::http::connect_retry`] | 20 seconds |
//! | throttling, a 5xx status, a connection that breaks | the SDK, within one call: back-off with jitter | `max_retries` ([`super::retries`]) |
//! | a response that was cut short | the SDK, because of [`crate::aws::http::complete_response`] | `max_retries` |
//! | a quota that is used up | nobody: [`super::retry_rules`] | |
//! | a response that is too large | nobody: [`crate::aws::http::response_limit`] | |
//! | the state of an object, such as a replication group in the middle of another change | [`Scope::retry`](crate::aws::Scope::retry) and [`Scope::retry_if`](crate::aws::Scope::retry_if), here | the deadline of the operation |
//! | no answer comes to a poll of a wait, and the endpoint has answered before: [`super::outage`] | [`Scope::wait`](crate::aws::Scope::wait), by the next polls | the timeout of its plan |
//! | an object is not as desired yet | [`Scope::wait`](crate::aws::Scope::wait), by polls: [`super::wait`] | the timeout of its plan |
//!
//! After a refusal for throttling, all calls of that operation slow down ([`crate::aws::http::rate_limit`]). A create whose
//! response was lost is not repeated blindly: [`super::unanswered`] records that an attempt may have been carried out, and
//! the caller describes the object first.

use super::attempt::Call;
use crate::aws::{AwsError, Cancel, ErrorKind};
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// Codes with which services say "slower".
const THROTTLED: &[&str] =
    &["Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "TooManyRequests"];

/// Whether the same request may succeed when it is sent again: throttling, failures of
/// the service, and answers that did not come. The SDK repeats these by itself; this is
/// for calls that have to look before they are repeated.
pub fn is_transient(error: &AwsError) -> bool {
    match error.kind() {
        ErrorKind::Dispatch { .. } | ErrorKind::Response { .. } | ErrorKind::Timeout { .. } => true,
        ErrorKind::Service { http_status, .. } => *http_status >= 500 || error.is(THROTTLED),
        _ => false,
    }
}

/// First and longest pause between attempts. State changes of ElastiCache take
/// from seconds to tens of minutes.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Runs a call again while AWS answers with one of `codes_to_wait_out`, until
/// `deadline`. Pauses grow from one second to fifteen, and the last attempt is
/// made at the deadline itself.
///
/// # Errors
/// Any other error at once; the last one at the deadline; cancellation at once.
pub(in crate::aws) fn call_retrying<'a, T, Fut>(
    cancel: &'a Cancel,
    deadline: Instant,
    codes_to_wait_out: &'a [&'a str],
    make_future: impl FnMut() -> Fut + Send + 'a,
) -> Call<'a, T>
where
    T: Send + 'a,
    Fut: Future<Output = Result<T, AwsError>> + Send + 'a,
{
    call_retrying_if(cancel, deadline, |error| error.is(codes_to_wait_out), make_future)
}

/// Like [`call_retrying`], for the errors that `passes` says will pass.
///
/// # Errors
/// As [`call_retrying`].
pub(in crate::aws) fn call_retrying_if<'a, T, Fut>(
    cancel: &'a Cancel,
    deadline: Instant,
    passes: impl FnMut(&AwsError) -> bool + Send + 'a,
    mut make_future: impl FnMut() -> Fut + Send + 'a,
) -> Call<'a, T>
where
    T: Send + 'a,
    Fut: Future<Output = Result<T, AwsError>> + Send + 'a,
{
    Box::pin(retry(cancel, deadline, Box::new(passes), Box::new(move || Box::pin(make_future()))))
}

/// Everything of it that does not depend on the call, so that it is compiled once for each type of result.
async fn retry<'a, T>(
    cancel: &Cancel,
    deadline: Instant,
    mut passes: Box<dyn FnMut(&AwsError) -> bool + Send + 'a>,
    mut make_future: Box<dyn FnMut() -> Call<'a, T> + Send + 'a>,
) -> Result<T, AwsError> {
    let mut pause = FIRST_PAUSE;
    loop {
        let error = match make_future().await {
            Err(error) if passes(&error) => error,
            done => return done,
        };
        let now = Instant::now();
        if now >= deadline {
            return Err(error);
        }
        let wake = (now + jittered(pause, 0.2)).min(deadline);
        tracing::info!(
            code = error.code(),
            operation = error.operation(),
            seconds = (wake - now).as_secs_f32(),
            "AWS does not accept the call now; retrying it"
        );
        tokio::select! {
            () = tokio::time::sleep_until(wake) => {}
            () = cancel.cancelled() => return Err(cancelled(&error)),
        }
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

/// The same call as cancelled.
fn cancelled(error: &AwsError) -> AwsError {
    match (error.service(), error.operation()) {
        (Some(service), Some(operation)) => AwsError::new(service, operation, ErrorKind::Cancelled),
        _ => error.clone(),
    }
}

/// A pause shortened by up to `fraction` of itself, so that many resources
/// started at once do not ask at once for ever after.
pub(in crate::aws) fn jittered(pause: Duration, fraction: f64) -> Duration {
    pause.mul_f64(1.0 - fraction.clamp(0.0, 1.0) * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Service;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn error(code: &str) -> AwsError {
        let kind = ErrorKind::Service {
            code: code.to_owned(),
            message: String::new(),
            request_id: None,
            http_status: 400,
        };
        AwsError::new(Service::ElastiCache, "DeleteCacheSubnetGroup", kind)
    }

    async fn run(codes: &[&str], seconds: u64, succeed_at: u32) -> (Result<u32, AwsError>, u32, Duration) {
        let started = Instant::now();
        let tries = AtomicU32::new(0);
        let deadline = started + Duration::from_secs(seconds);
        let result = call_retrying(&Cancel::new(), deadline, codes, || {
            let tries = tries.fetch_add(1, Ordering::Relaxed) + 1;
            async move { if tries < succeed_at { Err(error("CacheSubnetGroupInUse")) } else { Ok(tries) } }
        })
        .await;
        (result, tries.into_inner(), started.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn waits_out_the_codes_it_is_given() {
        let (result, tries, elapsed) = run(&["CacheSubnetGroupInUse"], 600, 5).await;
        assert_eq!(result.unwrap(), 5);
        assert_eq!(tries, 5);
        assert!(elapsed > Duration::from_secs(6) && elapsed < Duration::from_secs(9), "{elapsed:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn returns_other_errors_at_once() {
        let (result, tries, elapsed) = run(&["InvalidReplicationGroupState"], 600, 5).await;
        assert_eq!(result.unwrap_err().code(), Some("CacheSubnetGroupInUse"));
        assert_eq!((tries, elapsed), (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn tries_a_last_time_at_the_deadline_and_returns_the_last_error() {
        let (result, tries, elapsed) = run(&["CacheSubnetGroupInUse"], 3, u32::MAX).await;
        assert_eq!(result.unwrap_err().code(), Some("CacheSubnetGroupInUse"));
        assert!(tries >= 3);
        assert!(elapsed >= Duration::from_secs(3) && elapsed < Duration::from_millis(3010), "{elapsed:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn stops_pausing_when_cancelled() {
        let cancel = Cancel::new();
        let stop = cancel.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            stop.cancel();
        });
        let started = Instant::now();
        let result: Result<(), _> =
            call_retrying(&cancel, started + Duration::from_secs(60), &["CacheSubnetGroupInUse"], || async {
                Err(error("CacheSubnetGroupInUse"))
            })
            .await;
        assert_eq!(
            result.unwrap_err().to_string(),
            "ElastiCache DeleteCacheSubnetGroup: the operation was canceled."
        );
        assert!(started.elapsed() < Duration::from_millis(310));
    }

    #[test]
    fn knows_what_passes() {
        let status = |code: &str, http_status| {
            let code = code.to_owned();
            let kind = ErrorKind::Service { code, message: String::new(), request_id: None, http_status };
            AwsError::new(Service::ElastiCache, "ModifyReplicationGroup", kind)
        };
        assert!(is_transient(&status("Throttling", 400)) && is_transient(&status("InternalFailure", 500)));
        assert!(!is_transient(&status("InvalidParameterValue", 400)));
        let lost = ErrorKind::Dispatch { detail: "reset".to_owned() };
        assert!(is_transient(&AwsError::new(Service::ElastiCache, "ModifyReplicationGroup", lost)));
    }
}
