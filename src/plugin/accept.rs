//! From listener to connections the server can use.

use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::connection::Connection;
use super::listener::Listen;

/// What the server takes; it would end at an error, so there is none.
pub(super) type Accepted = Result<Connection, Infallible>;

/// A TLS handshake on a local socket takes milliseconds; whoever needs longer is not the host.
const TLS_TIMEOUT: Duration = Duration::from_secs(10);

/// Rest after the system refused to accept, for example without free file descriptors.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// Accepts until `shutdown`, then closes the listener.
///
/// TLS handshakes run beside the loop: one that stalls or fails holds up nobody.
pub(super) async fn run(
    listener: impl Listen,
    tls: Option<TlsAcceptor>,
    connections: mpsc::Sender<Accepted>,
    shutdown: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        match &tls {
            // A closed channel means that the server is ending; the loop then ends by `shutdown`.
            None => drop(connections.send(Ok(Connection::new(stream))).await),
            Some(tls) => {
                let handshake = tls.accept(stream);
                let connections = connections.clone();
                tokio::spawn(async move {
                    match tokio::time::timeout(TLS_TIMEOUT, handshake).await {
                        Ok(Ok(stream)) => drop(connections.send(Ok(Connection::new(stream))).await),
                        Ok(Err(error)) => tracing::warn!(%error, "refused a connection"),
                        Err(_) => tracing::warn!("refused a connection: no TLS handshake in time"),
                    }
                });
            }
        }
    }
}
