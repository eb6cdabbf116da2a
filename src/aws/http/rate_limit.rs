//! How fast calls go out once AWS throttles them.
//!
//! AWS counts calls by operation, account and region, and tells its limits for few of them. So
//! nothing is held back until AWS first says "slower". From then on the calls of that operation
//! go out one after the other, as fast as AWS last took them; ever faster until it refuses
//! again, a fifth slower each time it does. A minute without a refusal ends that.
//!
//! The SDK's own limiter, its adaptive mode, takes all operations of a service together and
//! begins at half a call in a second (docs/PERFORMANCE.md has both measured).

use aws_smithy_runtime::client::retries::classifiers::run_classifiers_on_ctx;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextMut, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, Metadata};
use aws_smithy_runtime_api::client::retries::ErrorKind;
use aws_smithy_runtime_api::client::retries::classifiers::{RetryAction, RetryReason};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How much slower calls go after a refusal.
const BACK: f64 = 0.8;
/// After the first refusal little is known of the limit, and every second they are twice as fast.
/// After later ones the limit is near, so they grow faster slowly at first, and are twice as
/// fast after so many seconds, or so many calls where that is longer.
const KNOWING: f64 = 8.0;
const CALLS: f64 = 30.0;
/// Refusals so soon after another speak of calls that were on their way already.
const ECHO: Duration = Duration::from_millis(500);
/// After so long without a refusal nothing is held back.
const FORGOTTEN: Duration = Duration::from_secs(60);
/// Calls in a second, at first and at the slowest.
const FIRST: f64 = 1.0;
const SLOWEST: f64 = 0.5;

/// The limiters of one client, which is that of one service in one region: one for each
/// operation.
#[derive(Debug, Default)]
pub(in crate::aws) struct RateLimit(Mutex<BTreeMap<String, Arc<OperationLimiter>>>);

impl RateLimit {
    fn limiter(&self, config: &ConfigBag) -> Option<Arc<OperationLimiter>> {
        let operation = config.load::<Metadata>()?.name();
        let mut limiters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(limiters.entry(operation.to_owned()).or_default()))
    }
}

impl Intercept for RateLimit {
    fn name(&self) -> &'static str {
        "RateLimit"
    }

    /// An interceptor cannot wait; the connector can, and finds the limiter at the request.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(limiter) = self.limiter(config) {
            context.request_mut().add_extension(limiter);
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (Some(limiter), Some(_)) = (self.limiter(config), context.response()) else { return Ok(()) };
        let now = Instant::now();
        match run_classifiers_on_ctx(components.retry_classifiers(), context.inner()) {
            RetryAction::RetryIndicated(RetryReason::RetryableError {
                kind: ErrorKind::ThrottlingError,
                ..
            }) => {
                if let Some(rate) = limiter.refused(now) {
                    let operation = config.load::<Metadata>().map_or("", Metadata::name);
                    tracing::info!(
                        operation,
                        rate,
                        "AWS throttles this operation; its calls now go out slower"
                    );
                }
            }
            _ => limiter.taken(now),
        }
        Ok(())
    }
}

/// The calls of one operation.
#[derive(Debug, Default)]
pub(in crate::aws) struct OperationLimiter {
    state: Mutex<State>,
    /// Who waits for a turn, in the order they came.
    queue: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    /// When calls of the last second were taken.
    taken: VecDeque<Instant>,
    limit: Option<Limit>,
}

#[derive(Debug)]
struct Limit {
    /// Calls in a second, as of the last refusal.
    rate: f64,
    refused: Instant,
    /// It is the first: the limit is still to be found.
    seeking: bool,
    /// When the next call may go.
    next: Instant,
}

impl Limit {
    fn rate(&self, now: Instant) -> f64 {
        let seconds = (now - self.refused).as_secs_f64();
        self.rate
            * match self.seeking {
                true => seconds.exp2(),
                false => 1.0 + (seconds / KNOWING.max(CALLS / self.rate)).powi(2),
            }
    }
}

impl OperationLimiter {
    /// The limiter of a request, if its calls are being held back.
    pub(in crate::aws) fn of(request: &HttpRequest) -> Option<Arc<Self>> {
        let limiter = request.extension::<Arc<Self>>()?;
        limiter.state().limit.is_some().then(|| Arc::clone(limiter))
    }

    /// Waits until a call may go out.
    pub(in crate::aws) async fn wait(&self) {
        let _first = self.queue.lock().await;
        while let Some(next) = self.go(Instant::now()) {
            tokio::time::sleep_until(next).await;
        }
    }

    /// Lets a call go, or says when to ask again.
    fn go(&self, now: Instant) -> Option<Instant> {
        let mut state = self.state();
        let limit = state.limit.as_mut()?;
        if now < limit.next {
            return Some(limit.next);
        }
        if now - limit.refused > FORGOTTEN {
            state.limit = None;
            return None;
        }
        let pause = Duration::from_secs_f64(limit.rate(now).recip());
        // What a timer was late by is made up for, but not what nobody has used.
        limit.next = limit.next.max(now.checked_sub(pause).unwrap_or(now)) + pause;
        None
    }

    /// AWS has taken a call, whatever it said to it otherwise.
    fn taken(&self, now: Instant) {
        let mut state = self.state();
        state.taken.push_back(now);
        state.forget(now);
    }

    /// AWS has refused a call as one too many. What the rate is now, if it is another.
    fn refused(&self, now: Instant) -> Option<f64> {
        let mut state = self.state();
        state.forget(now);
        // Fewer than 2^32 calls in a second.
        let visited = f64::from(u32::try_from(state.taken.len()).unwrap_or(u32::MAX));
        let (rate, seeking, next) = match &state.limit {
            Some(limit) if now - limit.refused < ECHO => return None,
            Some(limit) => ((limit.rate(now) * BACK).max(SLOWEST), false, limit.next),
            None => (visited.max(FIRST), true, now),
        };
        let next = next.max(now + Duration::from_secs_f64(rate.recip()));
        state.limit = Some(Limit { rate, refused: now, seeking, next });
        Some(rate)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget(&mut self, now: Instant) {
        while self.taken.front().is_some_and(|&taken| now - taken > Duration::from_secs(1)) {
            self.taken.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    /// AWS's side: a bucket of `burst` calls that fills at `rate`.
    struct Bucket {
        rate: f64,
        burst: f64,
        left: f64,
        at: Instant,
    }

    impl Bucket {
        fn takes(&mut self) -> bool {
            let now = Instant::now();
            self.left = (self.left + (now - self.at).as_secs_f64() * self.rate).min(self.burst);
            self.at = now;
            let takes = self.left >= 1.0;
            self.left -= if takes { 1.0 } else { 0.0 };
            takes
        }
    }

    /// Fifty at once make `calls` calls in all, each until it is taken, pausing as the SDK
    /// does. The seconds it took, and how many were refused.
    async fn run(rate: f64, burst: f64, calls: usize) -> (f64, usize) {
        let limiter = Rc::new(OperationLimiter::default());
        let aws = Rc::new(RefCell::new(Bucket { rate, burst, left: burst, at: Instant::now() }));
        let (left, refused) = (Rc::new(RefCell::new(calls)), Rc::new(RefCell::new(0)));
        let started = Instant::now();
        let work = (0..50).map(|_| {
            let (limiter, aws, left, refused) = (limiter.clone(), aws.clone(), left.clone(), refused.clone());
            async move {
                while left.replace_with(|left| left.saturating_sub(1)) > 0 {
                    for attempt in 0_u32.. {
                        limiter.wait().await;
                        tokio::time::sleep(Duration::from_millis(30)).await;
                        if aws.borrow_mut().takes() {
                            limiter.taken(Instant::now());
                            break;
                        }
                        limiter.refused(Instant::now());
                        *refused.borrow_mut() += 1;
                        let longest = f64::from(1 << attempt.min(4)).min(20.0);
                        tokio::time::sleep(Duration::from_secs_f64(longest * fastrand::f64())).await;
                    }
                }
            }
        });
        futures_util::future::join_all(work).await;
        let refused = *refused.borrow();
        (started.elapsed().as_secs_f64(), refused)
    }

    /// Whatever the limit is, it is nearly used up, and hardly ever passed.
    #[tokio::test(start_paused = true)]
    async fn finds_the_limit_of_aws() {
        for (rate, burst) in [(1.0, 2.0), (3.0, 5.0), (9.0, 40.0), (25.0, 5.0), (100.0, 200.0)] {
            let (seconds, refused) = run(rate, burst, 1000).await;
            let best = (1000.0 - burst) / rate;
            assert!(seconds < best * 1.25 + 10.0, "{rate}/s: {seconds} s, at best {best} s");
            assert!(refused < 200, "{rate}/s: {refused} of 1000 refused");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_held_back_without_a_refusal() {
        let started = Instant::now();
        let (seconds, refused) = run(1e9, 1e9, 1000).await;
        // Twenty calls one after the other, of 30 ms each.
        assert_eq!((seconds, refused), (0.6, 0), "{:?}", started.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_minute_ends_it() {
        let limiter = OperationLimiter::default();
        assert_eq!(limiter.refused(Instant::now()), Some(FIRST));
        assert!(limiter.go(Instant::now()).is_some());
        tokio::time::advance(FORGOTTEN + Duration::from_secs(1)).await;
        assert_eq!(limiter.go(Instant::now()), None);
        assert!(limiter.state().limit.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn many_refusals_at_once_are_one() {
        let limiter = OperationLimiter::default();
        for _ in 0..40 {
            limiter.taken(Instant::now());
        }
        assert_eq!(limiter.refused(Instant::now()), Some(40.0));
        assert_eq!(limiter.refused(Instant::now()), None);
        tokio::time::advance(ECHO).await;
        let rate = limiter.refused(Instant::now()).unwrap();
        assert!((rate - 40.0 * 2f64.sqrt() * BACK).abs() < 0.01, "{rate}");
    }
}
