//! The host must not leave us behind.
//!
//! A host that is killed runs no shutdown, and nothing tells us but a change of our parent.

/// The process that started us.
#[cfg(unix)]
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent(u32);

#[cfg(unix)]
impl Parent {
    /// How often to look.
    const PERIOD: std::time::Duration = std::time::Duration::from_millis(500);

    /// The parent now; to be asked for as early as possible.
    pub(super) fn current() -> Self {
        Self(std::os::unix::process::parent_id())
    }

    /// Completes when that process is gone and another has adopted us.
    pub(super) async fn gone(self) {
        let mut ticks = tokio::time::interval(Self::PERIOD);
        while std::os::unix::process::parent_id() == self.0 {
            ticks.tick().await;
        }
    }
}

/// Nothing: Windows gives no parent to watch.
#[cfg(not(unix))]
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent;

#[cfg(not(unix))]
impl Parent {
    pub(super) fn current() -> Self {
        Self
    }

    /// Never completes.
    pub(super) async fn gone(self) {
        std::future::pending().await
    }
}
