//! TCP on the loopback address, for systems without Unix sockets.

use std::io;

use tokio::net::{TcpListener, TcpStream};

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

    /// Name of the network in the handshake line.
    pub(in crate::plugin) fn network(&self) -> &'static str {
        "tcp"
    }

    /// Address in the handshake line.
    pub(in crate::plugin) fn address(&self) -> &str {
        &self.address
    }

    /// Next connection.
    pub(in crate::plugin) async fn accept(&self) -> io::Result<TcpStream> {
        let (stream, _) = self.listener.accept().await?;
        // Requests and replies are small and waited for.
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::Identity;

    #[tokio::test]
    async fn a_port_in_use_is_passed_over() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let identity = Identity { source: "n/t", version: "0" };
        let mut environment = Environment::of_process(&identity);

        environment.ports = (port, port);
        let error = Listener::bind(&environment).await.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.starts_with("no free TCP port on 127.0.0.1 between"), "{error}");

        environment.ports = (port, port.saturating_add(200));
        let listener = Listener::bind(&environment).await.unwrap();
        assert_eq!(listener.network(), "tcp");
        let (accepted, connected) =
            tokio::join!(listener.accept(), TcpStream::connect(listener.address().to_owned()));
        assert!(accepted.is_ok() && connected.is_ok());
    }
}
