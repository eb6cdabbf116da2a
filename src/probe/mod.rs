//! Connects to a cache as its clients do, and asks it for its role, its version and its slots.
//!
//! The steps of a connection are made here one by one (name, TCP, TLS), so that a failure has the [`Reason`] of its step.
//! The `redis` crate speaks the protocol over the open connection.

mod bounded;
mod dialog;
#[cfg(test)]
mod tests;
mod tls;

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};

use crate::redact::redact;
use crate::secret::Secret;
pub(crate) use tls::authorities;

/// A cache, and how to log in.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    /// Host name or IP address; an IPv6 address without brackets.
    pub(crate) host: &'a str,
    /// Port.
    pub(crate) port: u16,
    /// What to trust over TLS; `None` connects without TLS.
    pub(crate) tls: Option<Trust<'a>>,
    /// User that logs in; without one and with a password, the default user.
    pub(crate) username: Option<&'a str>,
    /// AUTH token, or password of the user.
    pub(crate) password: Option<&'a Secret>,
    /// Number of the database to select.
    pub(crate) database: Option<u32>,
}

/// The certificate authorities to trust.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trust<'a> {
    /// Those of the system.
    System,
    /// These certificates in PEM form.
    Authorities(&'a str),
}

/// What the cache answered. What a user may not read is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Time from sending PING to its answer.
    pub(crate) latency: Duration,
    /// `primary` or `replica`.
    pub(crate) role: Option<&'static str>,
    /// `valkey` or `redis`.
    pub(crate) engine: Option<&'static str>,
    /// Version of the engine.
    pub(crate) version: Option<String>,
    /// Whether the node runs in cluster mode.
    pub(crate) cluster_enabled: Option<bool>,
    /// Number of the slots that a working node serves, with cluster mode.
    pub(crate) slots_covered: Option<i64>,
}

/// The step of a connection that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The host name has no address.
    Dns,
    /// No TCP connection.
    Tcp,
    /// The TLS handshake failed.
    Tls,
    /// The cache rejects the user or the token.
    Auth,
    /// The answer is no success of the Redis protocol.
    Protocol,
    /// A step did not end within the timeout.
    Timeout,
}

impl Reason {
    /// The reason in a word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::Protocol => "protocol",
            Self::Timeout => "timeout",
        }
    }
}

/// Why a cache cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Unreachable {
    /// The step that failed.
    pub(crate) reason: Reason,
    /// What happened, as a sentence without secrets.
    pub(crate) message: String,
}

impl Unreachable {
    /// A cache may quote what it received, and the message may be stored in a state.
    fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: redact(&message.into()).into_owned() }
    }
}

/// Connects once, asks, and disconnects; all of it within `timeout`.
///
/// # Errors
/// The first step that fails.
pub(crate) async fn probe(target: &Target<'_>, timeout: Duration) -> Result<Answer, Unreachable> {
    let limit = Limit { deadline: Instant::now() + timeout, timeout };
    let Target { host, port, .. } = *target;
    let addresses = limit.hold(format!("resolving {host}"), resolve(host, port)).await?;
    let tcp = limit.hold(format!("connecting to {}", listed(&addresses)), connect(&addresses)).await?;
    let answering = format!("waiting for an answer of {host}:{port}");
    match target.tls {
        // A cache with TLS does not answer a client without it.
        None => {
            let answering = format!("{answering} without TLS, which it may require");
            limit.hold(answering, dialog::ask(tcp, target)).await
        }
        Some(trust) => {
            let handshake = format!("negotiating TLS with {host}:{port}");
            let stream = limit.hold(handshake, tls::negotiate(tcp, host, trust)).await?;
            limit.hold(answering, dialog::ask(stream, target)).await
        }
    }
}

/// The end of a probe.
struct Limit {
    deadline: Instant,
    timeout: Duration,
}

impl Limit {
    /// Runs a step until the deadline.
    async fn hold<T>(
        &self,
        step: String,
        work: impl Future<Output = Result<T, Unreachable>>,
    ) -> Result<T, Unreachable> {
        timeout_at(self.deadline, work).await.unwrap_or_else(|_| {
            let message = format!("The timeout of {:?} ended while {step}.", self.timeout);
            Err(Unreachable::new(Reason::Timeout, message))
        })
    }
}

async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Unreachable> {
    let addresses: Vec<SocketAddr> = lookup_host((host, port))
        .await
        .map_err(|error| Unreachable::new(Reason::Dns, format!("{host} cannot be resolved: {error}.")))?
        .collect();
    if addresses.is_empty() {
        return Err(Unreachable::new(Reason::Dns, format!("{host} has no address.")));
    }
    Ok(addresses)
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Unreachable> {
    let failed = |error: std::io::Error| {
        let message = format!("No TCP connection to {}: {error}.", listed(addresses));
        Unreachable::new(Reason::Tcp, message)
    };
    let stream = TcpStream::connect(addresses).await.map_err(failed)?;
    // Latency is that of the network, not of Nagle's algorithm.
    stream.set_nodelay(true).map_err(failed)?;
    Ok(stream)
}

fn listed(addresses: &[SocketAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
