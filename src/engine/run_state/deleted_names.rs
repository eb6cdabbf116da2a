//! Tracks when objects were deleted in this run, so that a create of the same name waits as long as AWS requires.
//!
//! Terraform deletes a replaced object and creates its successor of the same name in one run, one directly after the
//! other. A create in a later run does not wait: the time of the deletion is not known there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The times of deletions by name. Clones share them; they live as long as the configuration of a provider, which is
/// one walk of Terraform.
#[derive(Debug, Clone)]
pub struct DeletedNames {
    deleted: Arc<Mutex<BTreeMap<String, Instant>>>,
    pauses: bool,
}

impl Default for DeletedNames {
    fn default() -> Self {
        Self { deleted: Arc::default(), pauses: true }
    }
}

impl DeletedNames {
    /// For an AWS that needs no pause, such as the one that tests simulate.
    pub(crate) fn without_pauses() -> Self {
        Self { pauses: false, ..Self::default() }
    }

    /// Records that the object of this name was deleted now.
    pub(in crate::engine) fn record(&self, name: String) {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Instant::now());
    }

    /// The rest of a pause of this length since the object of this name was deleted; zero without a deletion.
    pub(in crate::engine) fn rest_of_pause(&self, name: &str, pause: Duration) -> Duration {
        let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied();
        let rest = deleted.map_or(Duration::ZERO, |deleted| pause.saturating_sub(deleted.elapsed()));
        if self.pauses { rest } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn rest_of_a_pause_counts_from_the_deletion_of_the_same_name() {
        let names = DeletedNames::default();
        names.record("a".to_owned());
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(names.clone().rest_of_pause("a", PAUSE), Duration::from_secs(20));
        assert_eq!(names.rest_of_pause("b", PAUSE), Duration::ZERO);
        tokio::time::advance(Duration::from_secs(30)).await;
        assert_eq!(names.rest_of_pause("a", PAUSE), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn no_pause_is_left_where_aws_needs_none() {
        let names = DeletedNames::without_pauses();
        names.record("a".to_owned());
        assert_eq!(names.rest_of_pause("a", PAUSE), Duration::ZERO);
    }
}
