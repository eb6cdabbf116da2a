//! A port that leads to the Unix socket of a server, with TLS or without: a node, or an endpoint that moves.

use std::path::{Path, PathBuf};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::clients::certificates;

/// An open port; it closes, with its connections, when dropped.
pub struct Door {
    pub port: u16,
    socket: watch::Sender<PathBuf>,
    _runtime: Runtime,
}

impl Door {
    /// A port with TLS, which ends here.
    pub fn tls(socket: &Path) -> Self {
        Self::open(socket, Some(certificates::acceptor()))
    }

    /// A port without TLS.
    pub fn plain(socket: &Path) -> Self {
        Self::open(socket, None)
    }

    fn open(socket: &Path, acceptor: Option<TlsAcceptor>) -> Self {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (sender, receiver) = watch::channel(socket.to_owned());
        runtime.spawn(serve(listener, acceptor, receiver));
        Self { port, socket: sender, _runtime: runtime }
    }

    /// Closes every connection; new ones lead to this socket.
    pub fn lead_to(&self, socket: &Path) {
        self.socket.send_replace(socket.to_owned());
    }
}

async fn serve(
    listener: std::net::TcpListener,
    acceptor: Option<TlsAcceptor>,
    socket: watch::Receiver<PathBuf>,
) {
    let listener = TcpListener::from_std(listener).unwrap();
    while let Ok((client, _)) = listener.accept().await {
        let (acceptor, mut socket) = (acceptor.clone(), socket.clone());
        tokio::spawn(async move {
            let place = socket.borrow_and_update().clone();
            tokio::select! {
                () = carry(client, acceptor, &place) => {}
                _ = socket.changed() => {}
            }
        });
    }
}

/// Carries a connection, decrypted, to the socket.
async fn carry(client: TcpStream, acceptor: Option<TlsAcceptor>, socket: &Path) {
    let Ok(server) = UnixStream::connect(socket).await else { return };
    match acceptor {
        None => copy(client, server).await,
        Some(acceptor) => {
            // A client that speaks no TLS, or trusts another authority, goes away here.
            let Ok(client) = acceptor.accept(client).await else { return };
            copy(client, server).await;
        }
    }
}

async fn copy(mut client: impl AsyncRead + AsyncWrite + Unpin, mut server: UnixStream) {
    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
}
