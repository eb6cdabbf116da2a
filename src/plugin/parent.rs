//! The host must not leave us behind.

use std::time::Duration;

/// How often to look. A host that is killed runs no shutdown, and nothing else tells us.
#[cfg(unix)]
const PERIOD: Duration = Duration::from_millis(500);

/// Completes when the process that was our parent at start is gone.
#[cfg(unix)]
pub(super) async fn gone(parent: Parent) {
    let mut ticks = tokio::time::interval(PERIOD);
    while std::os::unix::process::parent_id() == parent.0 {
        ticks.tick().await;
    }
}

/// Never completes: Windows has no parent to ask for.
#[cfg(not(unix))]
pub(super) async fn gone(_: Parent) {
    std::future::pending().await
}

/// Our parent's process id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent(#[cfg(unix)] u32);

impl Parent {
    /// The parent now; to be asked for as early as possible.
    pub(super) fn current() -> Self {
        Self(
            #[cfg(unix)]
            std::os::unix::process::parent_id(),
        )
    }
}
