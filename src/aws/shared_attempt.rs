//! A value that every call needs, such as the account ID, obtained by one attempt for all calls that wait for it.

use std::time::Duration;

use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;

use super::AwsError;

/// How long a failure stands for the attempts of others, if it came slowly.
const REMEMBERED: Duration = Duration::from_secs(30);

/// An attempt that fails sooner costs little when it is repeated.
const SLOW: Duration = Duration::from_secs(1);

/// Holds a value once an attempt to obtain it has succeeded. A `OnceCell` alone would let all who wait make the attempt
/// that has just failed, one after the other.
#[derive(Debug)]
pub(super) struct SharedAttempt<T> {
    value: OnceCell<T>,
    /// Locked during an attempt.
    last: Mutex<Option<Failure>>,
}

#[derive(Debug)]
struct Failure {
    error: AwsError,
    at: Instant,
    /// A network that does not answer makes each attempt last for tens of seconds.
    is_slow: bool,
}

impl<T> SharedAttempt<T> {
    pub(super) fn new() -> Self {
        Self { value: OnceCell::new(), last: Mutex::default() }
    }

    /// The value, if an attempt has succeeded.
    pub(super) fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// Sets the value instead of an attempt, unless one has succeeded.
    pub(super) fn set(&self, value: T) {
        // An error returns the value: another one is held.
        let _ = self.value.set(value);
    }

    /// The value, from `attempt` if none has succeeded. An attempt that is dropped is made by the next who waits.
    ///
    /// # Errors
    /// Those of `attempt`; of one that failed while this call waited for it; or of a slow one less than thirty seconds
    /// ago.
    pub(super) async fn get_or_attempt(
        &self,
        attempt: impl AsyncFnOnce() -> Result<T, AwsError>,
    ) -> Result<&T, AwsError> {
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        let came = Instant::now();
        let mut last = self.last.lock().await;
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        let stands = |it: &&Failure| it.at > came || (it.is_slow && it.at.elapsed() < REMEMBERED);
        if let Some(failure) = last.as_ref().filter(stands) {
            return Err(failure.error.clone());
        }
        let begun = Instant::now();
        match attempt().await {
            Ok(value) => Ok(self.value.get_or_init(async || value).await),
            Err(error) => {
                let at = Instant::now();
                *last = Some(Failure { error: error.clone(), at, is_slow: at - begun >= SLOW });
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::future::join_all;
    use tokio::time::{advance, sleep};

    use super::*;

    fn unanswered() -> AwsError {
        AwsError::config("No answer.", "Wait.")
    }

    #[tokio::test(start_paused = true)]
    async fn slow_failure_is_shared_and_repeated_after_thirty_seconds() {
        let (cell, attempts, started) = (SharedAttempt::<u8>::new(), Cell::new(0), Instant::now());
        let fail = async || {
            attempts.set(attempts.get() + 1);
            sleep(Duration::from_secs(20)).await;
            Err(unanswered())
        };
        let all = join_all((0..20).map(|_| cell.get_or_attempt(fail))).await;
        assert!(all.into_iter().all(|result| result.is_err()));
        assert_eq!((attempts.get(), started.elapsed().as_secs()), (1, 20));
        advance(Duration::from_secs(29)).await;
        assert!(cell.get_or_attempt(fail).await.is_err());
        assert_eq!((attempts.get(), started.elapsed().as_secs()), (1, 49));
        advance(Duration::from_secs(1)).await;
        assert!(cell.get_or_attempt(fail).await.is_err());
        assert_eq!((attempts.get(), started.elapsed().as_secs()), (2, 70));
        advance(REMEMBERED).await;
        assert_eq!(cell.get_or_attempt(async || Ok(7)).await.ok(), Some(&7));
        assert_eq!(cell.get_or_attempt(fail).await.ok(), Some(&7));
        assert_eq!(attempts.get(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn quick_failure_is_shared_by_those_who_wait_and_then_repeated() {
        let (cell, attempts) = (SharedAttempt::<u8>::new(), Cell::new(0));
        let fail = async || {
            attempts.set(attempts.get() + 1);
            sleep(Duration::from_millis(100)).await;
            Err(unanswered())
        };
        let all = join_all((0..20).map(|_| cell.get_or_attempt(fail))).await;
        assert!(all.into_iter().all(|result| result.is_err()));
        assert_eq!(attempts.get(), 1);
        assert_eq!(cell.get_or_attempt(async || Ok(7)).await.ok(), Some(&7));
    }

    #[tokio::test(start_paused = true)]
    async fn dropped_attempt_is_made_by_the_next_who_waits() {
        let cell = SharedAttempt::<u8>::new();
        let dropped = cell.get_or_attempt(async || std::future::pending().await);
        let dropped = tokio::time::timeout(Duration::from_secs(3), dropped);
        let (dropped, next) = tokio::join!(dropped, cell.get_or_attempt(async || Ok(7)));
        assert!(dropped.is_err());
        assert_eq!(next.ok(), Some(&7));
    }
}
