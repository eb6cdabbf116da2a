//! TCP on the loopback address, for systems without Unix sockets.

use std::borrow::Cow;
use std::io;

use tokio::net::{TcpListener, TcpStream};

use super::Listen;
use crate::plugin::environment::Environment;
use crate::plugin::error::ListenError;

/// A port of 127.0.0.1.
pub(in crate::plugin) struct Listener {
    listener: TcpListener,
    address: String,
}

impl Listener {
    /// Takes the first free port of the range the host gave.
    ///
    /// # Errors
    /// When none is free.
    pub(in crate::plugin) async fn bind(environment: &Environment) -> Result<Self, ListenError> {
        let (first, last) = environment.ports;
        for port in first..=last {
            if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
                return Ok(Self { listener, address: format!("127.0.0.1:{port}") });
            }
        }
        Err(ListenError::NoFreePort(first, last))
    }
}

impl Listen for Listener {
    type Stream = TcpStream;

    fn network(&self) -> &'static str {
        "tcp"
    }

    fn address(&self) -> Cow<'_, str> {
        self.address.as_str().into()
    }

    async fn accept(&self) -> io::Result<TcpStream> {
        let (stream, _) = self.listener.accept().await?;
        // Requests and replies are small and waited for.
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

#[cfg(test)]
mod tests;
