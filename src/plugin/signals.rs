//! Signals a terminal or a build system sends to us along with the host.
//!
//! Ctrl-C goes to the whole process group, and so do the `SIGHUP` of a terminal that is closed and
//! the `SIGTERM`s of some build systems. Dying of one would lose the state of whatever is being
//! applied: the host says what to do by `StopProvider` and `Shutdown`, and if it dies we notice by
//! ourselves. Only `SIGTERM` asks for the end of a plugin that has nothing to do.

use std::io;

/// A signal that was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// `SIGINT`, or Ctrl-C.
    Interrupt,
    /// `SIGTERM`.
    #[cfg(unix)]
    Terminate,
    /// `SIGHUP`.
    #[cfg(unix)]
    Hangup,
}

impl Signal {
    /// True for a signal after which a plugin without a call ends.
    pub(super) fn asks_to_end(self) -> bool {
        #[cfg(unix)]
        return self == Self::Terminate;
        #[cfg(not(unix))]
        false
    }
}

/// Handlers for the signals; while this lives, and afterwards, they have no other effect.
#[cfg(unix)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Takes over `SIGINT`, `SIGTERM` and `SIGHUP`.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn handle() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// The next signal.
    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.hangup.recv() => Signal::Hangup,
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

    /// The next signal.
    pub(super) async fn next(&mut self) -> Signal {
        let _ = self.0.recv().await;
        Signal::Interrupt
    }
}
