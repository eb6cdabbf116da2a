//! Waits that share their polls.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

/// So many waits share what they see; fewer ask for themselves.
const SEVERAL: usize = 3;

/// The waits of one Region. They poll at the same moments, which are counted from `begun`, so that one listing
/// answers all of them.
#[derive(Debug)]
pub(in crate::aws) struct Waits {
    begun: Instant,
}

impl Waits {
    /// No wait yet.
    pub(in crate::aws) fn new() -> Arc<Self> {
        Arc::new(Self { begun: Instant::now() })
    }

    /// True while several waits are in progress.
    pub(in crate::aws) fn are_several(self: &Arc<Self>) -> bool {
        self.count() >= SEVERAL
    }

    /// One owner is not a wait.
    fn count(self: &Arc<Self>) -> usize {
        Arc::strong_count(self) - 1
    }
}

/// A wait that is counted while this lives. The default is a wait by itself.
#[derive(Debug, Default)]
pub struct Waiting(Option<Arc<Waits>>);

impl Waiting {
    /// One more wait.
    pub(in crate::aws) fn new(waits: &Arc<Waits>) -> Self {
        Self(Some(Arc::clone(waits)))
    }

    /// True while several waits are in progress, this one among them.
    pub(in crate::aws) fn are_several(&self) -> bool {
        self.0.as_ref().is_some_and(Waits::are_several)
    }

    /// The part of a shared poll that this wait pays for; `None` if it polls by itself.
    pub(super) fn share(&self) -> Option<f64> {
        let count = self.0.as_ref().filter(|_| self.are_several()).map(Waits::count)?;
        Some(1.0 / f64::from(u32::try_from(count).unwrap_or(u32::MAX)))
    }

    /// The longest pause, up to this one, after which the others poll as well, if all pause for `steady`. A shorter
    /// pause stays as it is.
    pub(super) fn aligned(&self, pause: Duration, steady: Duration) -> Duration {
        match &self.0 {
            Some(waits) => aligned(waits.begun.elapsed(), pause, steady),
            None => pause,
        }
    }
}

/// The same at this time.
fn aligned(now: Duration, pause: Duration, steady: Duration) -> Duration {
    if pause < steady {
        return pause;
    }
    let beyond = (now + pause).as_nanos() % steady.as_nanos().max(1);
    pause.saturating_sub(Duration::from_nanos(u64::try_from(beyond).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn pauses_end_at_the_same_moments(
            now in 0_u64..10_000_000,
            pause in 1_u64..60_000,
            steady in 3_000_u64..5_000,
        ) {
            let of = Duration::from_millis;
            let aligned = aligned(of(now), of(pause), of(steady));
            assert!(aligned <= of(pause));
            if pause >= steady {
                assert!(of(pause) - aligned < of(steady));
                assert_eq!((of(now) + aligned).as_millis() % u128::from(steady), 0);
            } else {
                assert_eq!(aligned, of(pause));
            }
        }
    }

    #[test]
    fn three_waits_share_their_polls() {
        let waits = Waits::new();
        let first = Waiting::new(&waits);
        let _second = Waiting::new(&waits);
        assert_eq!((first.share(), waits.are_several()), (None, false));
        let third = Waiting::new(&waits);
        assert!(waits.are_several() && first.share() == third.share());
        assert!(first.share().is_some_and(|share| (share - 1.0 / 3.0).abs() < 1e-9));
        drop(third);
        assert_eq!(first.share(), None);
        assert_eq!(Waiting::default().share(), None);
    }
}
