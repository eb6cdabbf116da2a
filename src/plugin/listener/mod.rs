//! Where the host connects: a Unix socket, or on Windows a TCP port.

#[cfg(any(windows, test))]
mod tcp;
#[cfg(unix)]
mod unix;

use std::borrow::Cow;
use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

#[cfg(windows)]
pub(super) use tcp::Listener;
#[cfg(unix)]
pub(super) use unix::Listener;

/// A bound listener of either kind.
pub(super) trait Listen {
    /// A connection of the host.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Name of the network in the handshake line.
    fn network(&self) -> &'static str;

    /// Address in the handshake line.
    fn address(&self) -> Cow<'_, str>;

    /// Next connection.
    async fn accept(&self) -> io::Result<Self::Stream>;
}
