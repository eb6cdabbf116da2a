//! Whether the host is waiting for an answer.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// Counts the calls that are being answered. Clones share the count.
#[derive(Debug, Clone)]
pub struct Activity(Arc<watch::Sender<Calls>>);

#[derive(Debug, Clone, Copy, Default)]
struct Calls {
    running: usize,
    /// Calls begun so far: one that began and ended in between is noticed as well.
    begun: u64,
}

/// A call that is being answered, for as long as this lives.
#[derive(Debug)]
pub struct Call(Activity);

impl Default for Activity {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Calls::default())))
    }
}

impl Activity {
    /// A call begins.
    #[must_use]
    pub fn begin(&self) -> Call {
        self.0.send_modify(|calls| {
            calls.running += 1;
            calls.begun += 1;
        });
        Call(self.clone())
    }

    /// Completes once no call has been running for `duration`.
    pub(super) async fn idle_for(&self, duration: Duration) {
        let mut calls = self.0.subscribe();
        loop {
            // The sender lives as long as this, so there is no error.
            let _ = calls.wait_for(|calls| calls.running == 0).await;
            calls.mark_unchanged();
            if tokio::time::timeout(duration, calls.changed()).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.0.send_modify(|calls| calls.running -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, sleep};

    #[tokio::test(start_paused = true)]
    async fn idle_time_begins_after_the_last_call() {
        let (activity, started) = (Activity::default(), Instant::now());
        let calls = async {
            let first = activity.begin();
            sleep(Duration::from_secs(60)).await;
            drop(first);
            sleep(Duration::from_secs(3)).await;
            drop(activity.begin());
        };
        let idle = activity.idle_for(Duration::from_secs(5));
        let (_, ended) = tokio::join!(calls, async {
            idle.await;
            started.elapsed()
        });
        assert_eq!(ended.as_secs(), 68);
        activity.idle_for(Duration::from_secs(5)).await;
        assert_eq!(started.elapsed().as_secs(), 73);
    }
}
