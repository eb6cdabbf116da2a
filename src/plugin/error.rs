//! Why the plugin cannot run.

use std::io;
#[cfg(unix)]
use std::path::PathBuf;

/// Anything that keeps the plugin from starting or ends it early.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunError {
    #[error("PLUGIN_CLIENT_CERT does not hold a certificate in PEM form: {0}")]
    ClientCertificate(rustls_pki_types::pem::Error),
    #[error("cannot make a TLS certificate: {0}")]
    ServerCertificate(#[from] rcgen::Error),
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    #[error(transparent)]
    Listen(#[from] ListenError),
    #[error("cannot start the async runtime: {0}")]
    Runtime(io::Error),
    #[error("cannot handle signals: {0}")]
    Signals(io::Error),
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
    #[error("the server ended early: {0}")]
    Serve(#[from] tonic::transport::Error),
}

/// Why there is nothing for the host to connect to.
#[derive(Debug, thiserror::Error)]
pub(super) enum ListenError {
    #[cfg(unix)]
    #[error(
        "the socket path {path:?} is {length} bytes long, but this system allows {limit}: \
         set {variable} to a directory with a shorter name"
    )]
    PathTooLong { path: PathBuf, length: usize, limit: usize, variable: &'static str },
    #[cfg(unix)]
    #[error(
        "the socket path {path:?} cannot be sent to the host, because it is not plain text in one line: \
         set {variable} to another directory"
    )]
    PathNotPlain { path: PathBuf, variable: &'static str },
    #[cfg(unix)]
    #[error("cannot create the socket directory {path:?}: {source}; set {variable} to another directory")]
    Directory { path: PathBuf, source: io::Error, variable: &'static str },
    #[cfg(unix)]
    #[error("no directory for temporary files is known: set TMPDIR")]
    NoDirectory,
    #[cfg(unix)]
    #[error("cannot listen on the socket {path:?}: {source}")]
    Socket { path: PathBuf, source: io::Error },
    #[cfg(unix)]
    #[error("PLUGIN_UNIX_SOCKET_GROUP names the group {0:?}, which this system does not know")]
    UnknownGroup(String),
    #[cfg(unix)]
    #[error("cannot give the socket {path:?} to the group {group:?}: {source}")]
    Group { path: PathBuf, group: String, source: io::Error },
    #[cfg(any(windows, test))]
    #[error("no free TCP port on 127.0.0.1 between {0} and {1} (PLUGIN_MIN_PORT, PLUGIN_MAX_PORT)")]
    NoFreePort(u16, u16),
}
