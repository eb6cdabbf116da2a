//! Which objects this run of Terraform is changing.
//!
//! AWS refuses to delete what a cache uses. Whether that passes depends on the cache: a change of
//! the same run may be about to release the object, and AWS may return the cache as it was before
//! for some time after the change. So each change of a cache is recorded here while it lasts, and
//! the deletion of what the cache uses asks for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long AWS may return an object as it was before a change that has ended.
const SETTLING: Duration = Duration::from_secs(60);

/// The changes of one provider. Clones share them; they live as long as the configuration of a
/// provider, which is one walk of Terraform.
#[derive(Debug, Clone, Default)]
pub struct Ongoing(Arc<Mutex<BTreeMap<String, Entry>>>);

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    running: usize,
    ended: Option<Instant>,
}

/// How far the changes of an object are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// This run does not change the object.
    None,
    /// A change has begun and not ended.
    Running,
    /// The last change has ended so recently that AWS may return the object as it was before.
    Settling,
}

/// A change of one object, which ends when this is dropped.
#[derive(Debug)]
pub struct OngoingChange {
    all: Ongoing,
    key: String,
    settles: bool,
}

impl Ongoing {
    /// Begins a change of the object with this key.
    pub fn begin(&self, key: String) -> OngoingChange {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key.clone()).or_default().running += 1;
        OngoingChange { all: self.clone(), key, settles: true }
    }

    /// How far the changes of the object with this key are.
    pub fn progress(&self, key: &str) -> Progress {
        let entry =
            self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied().unwrap_or_default();
        match entry.ended {
            _ if entry.running > 0 => Progress::Running,
            Some(ended) if ended.elapsed() < SETTLING => Progress::Settling,
            _ => Progress::None,
        }
    }
}

impl OngoingChange {
    /// Ends a change that AWS carries out later: what it returns of the object stays true.
    pub fn deferred(mut self) {
        self.settles = false;
    }
}

impl Drop for OngoingChange {
    fn drop(&mut self) {
        if let Some(entry) = self.all.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&self.key) {
            entry.running = entry.running.saturating_sub(1);
            if self.settles {
                entry.ended = Some(Instant::now());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_change_runs_then_settles_and_is_over_after_a_minute() {
        let all = Ongoing::default();
        let (first, second) = (all.begin("a".to_owned()), all.clone().begin("a".to_owned()));
        assert_eq!((all.progress("a"), all.progress("b")), (Progress::Running, Progress::None));
        drop(first);
        assert_eq!(all.progress("a"), Progress::Running, "the second has not ended");
        drop(second);
        assert_eq!(all.progress("a"), Progress::Settling);
        tokio::time::advance(SETTLING).await;
        assert_eq!(all.progress("a"), Progress::None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_deferred_change_leaves_nothing_to_settle() {
        let all = Ongoing::default();
        all.begin("a".to_owned()).deferred();
        assert_eq!(all.progress("a"), Progress::None);
    }
}
