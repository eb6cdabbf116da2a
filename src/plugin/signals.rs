//! Signals a terminal or a build system sends to us along with the host.
//!
//! Ctrl-C goes to the whole process group, and so do the `SIGHUP` of a terminal that is closed and
//! the `SIGTERM`s of some build systems. Dying of one would lose the state of whatever is being
//! applied: the host says what to do by `StopProvider` and `Shutdown`, and if it dies we notice by
//! ourselves. Only `SIGTERM` asks for the end of a plugin that has nothing to do.
//!
//! On Windows a console sends its events to every process attached to it. Ctrl-C and Ctrl-Break are interrupts, as in
//! Go, and so in other providers. The event of a console that is closed is a hangup, and those of a logoff and of a
//! shutdown ask for the end. Windows ends the process some seconds after one of the last three in any case
//! (https://learn.microsoft.com/windows/console/handlerroutine); a call under way has that time to return. Go's handler
//! does the same for a process that asks for `SIGTERM`.

use std::io;

/// A signal that was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// `SIGINT`, Ctrl-C, or Ctrl-Break.
    Interrupt,
    /// `SIGTERM`, or the end of a Windows session.
    Terminate,
    /// `SIGHUP`, or the end of a console.
    Hangup,
}

impl Signal {
    /// True for a signal after which a plugin without a call ends.
    pub(super) fn asks_to_end(self) -> bool {
        self == Self::Terminate
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

/// Handlers for the events of the console; while this lives, and afterwards, an interrupt has no other effect.
#[cfg(windows)]
pub(super) struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    ctrl_break: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    logoff: tokio::signal::windows::CtrlLogoff,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    /// Takes over the events of the console.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn handle() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
        Ok(Self {
            interrupt: ctrl_c()?,
            ctrl_break: ctrl_break()?,
            close: ctrl_close()?,
            logoff: ctrl_logoff()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// The next signal.
    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.ctrl_break.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::Hangup,
            _ = self.logoff.recv() => Signal::Terminate,
            _ = self.shutdown.recv() => Signal::Terminate,
        }
    }
}
