//! What the calls of one operation on an object share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::time::Instant;

use super::attempt::Call;
use super::retry::{call_retrying, call_retrying_if};
use super::wait::{Poll, Wait, WaitPlan, wait_for, wait_sharing};
use super::waits::Waiting;
use crate::aws::direct::{ec2, logs};
use crate::aws::{self, Aws, AwsError, Cancel, Reads, Service};

/// Clients, Region, cancellation, and deadline of one operation on an object.
#[derive(Debug)]
pub struct Scope<'a> {
    aws: &'a Aws,
    region: Option<String>,
    cancel: &'a Cancel,
    started: Instant,
    timeout: Duration,
    /// Milliseconds that do not count; see [`Scope::step`].
    extended: AtomicU64,
    /// What was listed before does not count; see [`Reads::not_before`].
    reads_since: Option<Instant>,
}

/// The client of one service in the Region of the object.
macro_rules! client {
    ($name:ident, $client:ty) => {
        /// The client of this service in the Region of the object.
        ///
        /// # Errors
        /// Those of the method of [`Aws`] with this name, or the operation is canceled.
        pub async fn $name(&self) -> Result<$client, AwsError> {
            self.unless_cancelled(Box::pin(self.aws.$name(self.region()))).await
        }
    };
}

impl<'a> Scope<'a> {
    /// A scope that begins now and ends after `timeout`. `region` is the Region of the object,
    /// `None` that of the provider.
    pub fn new(aws: &'a Aws, region: Option<String>, cancel: &'a Cancel, timeout: Duration) -> Self {
        let started = Instant::now();
        let (extended, reads_since) = (AtomicU64::new(0), Some(started));
        Self { aws, region, cancel, started, timeout, extended, reads_since }
    }

    /// The same for an operation that may read what was listed a moment before: nothing that it depends on has been
    /// changed since, except by operations of this process, which count.
    #[must_use]
    pub fn with_listed(self) -> Self {
        Self { reads_since: None, ..self }
    }

    /// This scope, with the same deadline, for calls that another token cancels.
    #[must_use]
    pub fn with_cancel<'b>(&self, cancel: &'b Cancel) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope {
            aws: self.aws,
            region: self.region.clone(),
            cancel,
            started: self.started,
            timeout: self.timeout,
            extended: AtomicU64::new(self.extended.load(Ordering::Relaxed)),
            reads_since: self.reads_since,
        }
    }

    /// A scope for a part of the operation that has this timeout of its own, from now on.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self {
            started: Instant::now(),
            timeout,
            extended: AtomicU64::new(0),
            ..self.with_cancel(self.cancel)
        }
    }

    /// Carries out one of several steps of an operation, each of which has the whole timeout: its duration does not count
    /// for the steps after it. hashicorp/aws waits in the same way.
    pub async fn step<T>(&self, step: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let outcome = step.await;
        let elapsed = u64::try_from(begun.elapsed().as_millis()).unwrap_or_default();
        self.extended.fetch_add(elapsed, Ordering::Relaxed);
        outcome
    }

    client!(elasticache, aws_sdk_elasticache::Client);
    client!(cloudwatch, aws_sdk_cloudwatch::Client);
    client!(secretsmanager, aws_sdk_secretsmanager::Client);
    client!(ssm, aws_sdk_ssm::Client);
    client!(ec2, ec2::Client);
    client!(logs, logs::Client);

    /// The clients of every Region.
    pub fn aws(&self) -> &'a Aws {
        self.aws
    }

    /// The Region of the object; `None` for that of the provider.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The Region of the object, also where it is that of the provider.
    ///
    /// # Errors
    /// Those of [`Aws::region`], or the operation is canceled.
    pub async fn resolved_region(&self) -> Result<String, AwsError> {
        match &self.region {
            Some(region) => Ok(region.clone()),
            None => self.unless_cancelled(Box::pin(self.aws.region())).await,
        }
    }

    /// The result of loading the configuration or of checking the account. Both may wait for a network that does not
    /// answer.
    async fn unless_cancelled<T>(&self, prepared: Call<'_, T>) -> Result<T, AwsError> {
        tokio::select! {
            // What is ready is worth more than a request to stop.
            biased;
            prepared = prepared => prepared,
            () = self.cancel.cancelled() => Err(AwsError::cancelled()),
        }
    }

    /// The same scope for an object in another Region; `None` for that of the provider.
    #[must_use]
    pub fn with_region(&self, region: Option<&str>) -> Self {
        Self { region: region.map(str::to_owned), ..self.with_cancel(self.cancel) }
    }

    /// Cancelled when the operation must stop.
    pub fn cancel(&self) -> &'a Cancel {
        self.cancel
    }

    /// Duration of the whole operation.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The time at which the operation must have ended.
    pub fn deadline(&self) -> Instant {
        self.started + self.timeout + Duration::from_millis(self.extended.load(Ordering::Relaxed))
    }

    /// The time from now to the deadline.
    pub fn time_left(&self) -> Duration {
        self.deadline().saturating_duration_since(Instant::now())
    }

    /// Reads that one listing answers for many objects, until the operation is canceled; see [`Reads`].
    pub fn reads(&self) -> Reads<'_> {
        self.aws.reads(self.region()).not_before(self.reads_since).until(self.cancel)
    }

    /// Sends one request; see [`aws::call`].
    ///
    /// # Errors
    /// AWS refuses the request or cannot be reached, or the operation is canceled.
    pub fn call<T, E>(
        &self,
        service: Service,
        operation: &'static str,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'a,
    ) -> Call<'a, T>
    where
        T: Send + 'a,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        aws::call(self.cancel, service, operation, call)
    }

    /// Repeats a call until the deadline while AWS answers with one of `codes`.
    ///
    /// # Errors
    /// Those of the last attempt.
    pub fn retry<'b, T, Fut>(
        &'b self,
        codes: &'b [&'b str],
        attempt: impl FnMut() -> Fut + Send + 'b,
    ) -> Call<'b, T>
    where
        T: Send + 'b,
        Fut: Future<Output = Result<T, AwsError>> + Send + 'b,
    {
        call_retrying(self.cancel, self.deadline(), codes, attempt)
    }

    /// Repeats a call until the deadline while `passes` accepts its error.
    ///
    /// # Errors
    /// Those of the last attempt.
    pub fn retry_if<'b, T, Fut>(
        &'b self,
        passes: impl FnMut(&AwsError) -> bool + Send + 'b,
        attempt: impl FnMut() -> Fut + Send + 'b,
    ) -> Call<'b, T>
    where
        T: Send + 'b,
        Fut: Future<Output = Result<T, AwsError>> + Send + 'b,
    {
        call_retrying_if(self.cancel, self.deadline(), passes, attempt)
    }

    /// Polls until the object is in the desired state; see [`wait_for`].
    ///
    /// # Errors
    /// The state is not reached within the time-out of the plan, or can no longer be reached.
    pub fn wait<'b, T, Fut>(
        &'b self,
        plan: &'b WaitPlan,
        poll: impl FnMut() -> Fut + Send + 'b,
    ) -> Wait<'b, T>
    where
        T: Send + 'b,
        Fut: Future<Output = Result<Poll<T>, AwsError>> + Send + 'b,
    {
        wait_for(self.cancel, plan, poll)
    }

    /// Polls until the object does not exist: until `status` returns `None`.
    ///
    /// # Errors
    /// As [`Scope::wait`].
    pub fn wait_deleted<'b, Fut>(
        &'b self,
        plan: &'b WaitPlan,
        mut status: impl FnMut() -> Fut + Send + 'b,
    ) -> Wait<'b, ()>
    where
        Fut: Future<Output = Result<Option<String>, AwsError>> + Send + 'b,
    {
        let poll = move || {
            let status = status();
            async {
                Ok(match status.await? {
                    Some(status) => Poll::Pending { status },
                    None => Poll::Ready(()),
                })
            }
        };
        self.wait(plan, poll)
    }

    /// The same as [`Scope::wait`] for polls that read through [`Reads::since`]; see [`wait_sharing`].
    ///
    /// # Errors
    /// As [`Scope::wait`].
    pub fn wait_sharing<'b, T, Fut>(
        &'b self,
        plan: &'b WaitPlan,
        waiting: &'b Waiting,
        poll: impl FnMut(Instant) -> Fut + Send + 'b,
    ) -> Wait<'b, T>
    where
        T: Send + 'b,
        Fut: Future<Output = Result<Poll<T>, AwsError>> + Send + 'b,
    {
        wait_sharing(self.cancel, plan, waiting, poll)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::aws::FakeAws;

    #[tokio::test(start_paused = true)]
    async fn each_step_has_the_whole_timeout() {
        let (aws, cancel, hour) =
            (FakeAws::new(|_| panic!("no call")), Cancel::new(), Duration::from_hours(1));
        let scope = Scope::new(aws.provider.aws().unwrap(), None, &cancel, hour);
        for _ in 0..3 {
            scope.step(tokio::time::sleep(hour * 3 / 4)).await;
            assert_eq!(scope.time_left(), hour);
        }
        tokio::time::sleep(hour / 4).await;
        assert_eq!(scope.time_left(), hour * 3 / 4, "what is no step counts");
    }
}
