//! Signals a terminal or a build system sends to us along with the host.
//!
//! Ctrl-C goes to the whole process group, and so do the `SIGTERM`s of some build systems. Dying of
//! it would lose the state of whatever is being applied, so a plugin ignores both: the host says
//! what to do by `StopProvider` and `Shutdown`, and if it dies we notice by ourselves.

use std::io;

/// Handlers for the signals; while this lives, and afterwards, they have no other effect.
#[cfg(unix)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Takes over `SIGINT` and `SIGTERM`.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn handle() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Name of the next signal.
    pub(super) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}

/// Handler for Ctrl-C.
#[cfg(windows)]
pub(super) struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    /// Takes over Ctrl-C.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn handle() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    /// Name of the next signal.
    pub(super) async fn next(&mut self) -> &'static str {
        let _ = self.0.recv().await;
        "Ctrl-C"
    }
}
