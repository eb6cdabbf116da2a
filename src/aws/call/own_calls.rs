//! Whether a poll makes calls of its own, or is answered by calls for many.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::futures::TaskLocalFuture;

tokio::task_local! {
    static CURRENT: OwnCalls;
}

/// The calls of one poll. A call for many is made in a task of its own, so it is not counted.
#[derive(Debug, Clone, Default)]
pub(super) struct OwnCalls(Arc<AtomicBool>);

impl OwnCalls {
    /// Runs a poll.
    pub(super) fn during<F: Future>(&self, poll: F) -> TaskLocalFuture<Self, F> {
        CURRENT.scope(self.clone(), poll)
    }

    /// True if the poll has made a call.
    pub(super) fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Records that a call begins.
pub(super) fn begin() {
    // Outside of a wait nobody asks for it.
    let _ = CURRENT.try_with(|calls| calls.0.store(true, Ordering::Relaxed));
}
