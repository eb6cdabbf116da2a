//! Where the host connects: a Unix socket, or on Windows a TCP port.

#[cfg(any(windows, test))]
mod tcp;
#[cfg(unix)]
mod unix;

#[cfg(windows)]
pub(super) use tcp::Listener;
#[cfg(unix)]
pub(super) use unix::Listener;
