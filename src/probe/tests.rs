//! Every reason, against servers in this process.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::*;

const HOST: &str = "127.0.0.1";

/// What a server does with a command, such as `PING`.
#[derive(Clone, Copy)]
enum Reply {
    Text(&'static str),
    Info(&'static str),
    Close,
    Silence,
    Endless,
}

type Script = fn(&str) -> Reply;

/// Answers commands until the client or the script ends.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, script: Script) {
    let mut received = [0; 1024];
    // The client waits for each answer, so that a read returns one command.
    while let Ok(length @ 1..) = stream.read(&mut received).await {
        let text = String::from_utf8_lossy(&received[..length]).into_owned();
        let words = text.lines().filter(|line| !line.starts_with(['*', '$']));
        let reply = match script(&words.collect::<Vec<_>>().join(" ")) {
            Reply::Text(line) => format!("{line}\r\n"),
            Reply::Info(lines) => format!("${}\r\n{lines}\r\n", lines.len()),
            Reply::Close => return,
            Reply::Silence => std::future::pending().await,
            // One reply of a gigabyte.
            Reply::Endless => {
                let _ = stream.write_all(b"$1073741824\r\n").await;
                while stream.write_all(&[b'x'; 8192]).await.is_ok() {}
                return;
            }
        };
        if stream.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind((HOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// The port of a server without TLS.
async fn plain(script: Script) -> u16 {
    let (listener, port) = listen().await;
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        answer(stream, script).await;
    });
    port
}

/// The port of a server with TLS, and its certificate in PEM form.
async fn secure(script: Script) -> (u16, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([HOST.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let (listener, port) = listen().await;
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        if let Ok(stream) = TlsAcceptor::from(Arc::new(config)).accept(stream).await {
            answer(stream, script).await;
        }
    });
    (port, cert.pem())
}

fn target(port: u16) -> Target<'static> {
    Target { host: HOST, port, tls: None, username: None, password: None, database: None }
}

async fn failure(target: &Target<'_>) -> (Reason, String) {
    let problem = probe(target, Duration::from_secs(5)).await.unwrap_err();
    (problem.reason, problem.message)
}

/// INFO and CLUSTER INFO as Valkey 8.1 writes them.
fn cluster(command: &str) -> Reply {
    match command {
        "AUTH app secret-token" | "SELECT 2" => Reply::Text("+OK"),
        "PING" => Reply::Text("+PONG"),
        "INFO" => Reply::Info(
            "# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.4\r\n# Replication\r\nrole:slave\r\n\
             # Cluster\r\ncluster_enabled:1\r\n",
        ),
        "CLUSTER INFO" => {
            Reply::Info("cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_slots_ok:16383\r\n")
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_node_is_described_over_tls() {
    let (port, pem) = secure(cluster).await;
    let token = Secret::new("secret-token");
    let target = Target {
        tls: Some(Trust::Authorities(&pem)),
        username: Some("app"),
        password: Some(&token),
        database: Some(2),
        ..target(port)
    };
    let answer = probe(&target, Duration::from_secs(5)).await.unwrap();
    let expected = Answer {
        latency: answer.latency,
        role: Some("replica"),
        engine: Some("valkey"),
        version: Some("8.1.4".to_owned()),
        cluster_enabled: Some(true),
        slots_covered: Some(16383),
    };
    assert_eq!(answer, expected);
    assert!(answer.latency < Duration::from_secs(5));
}

/// ElastiCache users may lack INFO; a cache without cluster mode has no slots.
#[tokio::test]
async fn what_the_user_may_not_read_is_omitted() {
    let port = plain(|command| match command {
        "PING" => Reply::Text("+PONG"),
        _ => Reply::Text("-NOPERM User app has no permissions to run the 'info' command"),
    });
    let answer = probe(&target(port.await), Duration::from_secs(5)).await.unwrap();
    assert_eq!((answer.role, answer.engine, answer.version, answer.slots_covered), (None, None, None, None));

    let port = plain(|command| match command {
        "PING" => Reply::Text("+PONG"),
        "INFO" => Reply::Info("redis_version:7.1.0\r\nrole:master\r\ncluster_enabled:0\r\n"),
        other => panic!("{other}"),
    });
    let answer = probe(&target(port.await), Duration::from_secs(5)).await.unwrap();
    assert_eq!((answer.role, answer.engine), (Some("primary"), Some("redis")));
    assert_eq!((answer.cluster_enabled, answer.slots_covered), (Some(false), None));
}

#[tokio::test]
async fn an_unknown_name_is_of_dns() {
    // A label has at most 63 octets (RFC 1035), so that no resolver is asked.
    let name = format!("{}.invalid", "a".repeat(64));
    let (reason, message) = failure(&Target { host: &name, ..target(6379) }).await;
    assert_eq!(reason, Reason::Dns);
    assert!(message.starts_with(&format!("{name} cannot be resolved: ")), "{message}");
}

#[tokio::test]
async fn a_closed_port_is_of_tcp() {
    let (listener, port) = listen().await;
    drop(listener);
    let (reason, message) = failure(&target(port)).await;
    assert_eq!(reason, Reason::Tcp);
    assert!(message.starts_with(&format!("No TCP connection to 127.0.0.1:{port}: ")), "{message}");
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_of_tls() {
    let (port, _) = secure(cluster).await;
    let (_, other) = secure(cluster).await;
    let (reason, message) = failure(&Target { tls: Some(Trust::Authorities(&other)), ..target(port) }).await;
    assert_eq!(reason, Reason::Tls);
    assert!(message.contains("invalid peer certificate"), "{message}");
}

#[tokio::test]
async fn a_server_without_tls_is_of_tls() {
    let (port, pem) = (plain(|_| Reply::Text("-ERR Protocol error")).await, secure(cluster).await.1);
    let (reason, message) = failure(&Target { tls: Some(Trust::Authorities(&pem)), ..target(port) }).await;
    assert_eq!(reason, Reason::Tls);
    assert!(message.starts_with("The TLS handshake with 127.0.0.1 failed: "), "{message}");
}

#[tokio::test]
async fn a_missing_token_is_of_auth() {
    let port = plain(|_| Reply::Text("-NOAUTH Authentication required.")).await;
    let expected = "The cache answers PING with an error: NOAUTH Authentication required.";
    assert_eq!(failure(&target(port)).await, (Reason::Auth, expected.to_owned()));
}

/// The errors of Valkey 8.1 (src/acl.c), and of a server that repeats unknown commands.
#[tokio::test]
async fn a_rejected_token_is_of_auth_and_not_quoted() {
    let token = Secret::new("secret-token");
    let cases: [(Script, &str); 3] = [
        (
            |_| Reply::Text("-WRONGPASS invalid username-password pair or user is disabled."),
            "The cache rejects the user name or the token (WRONGPASS).",
        ),
        (
            |_| {
                Reply::Text(
                    "-ERR AUTH <password> called without any password configured for the default user. Are you sure \
                     your configuration is correct?",
                )
            },
            "The cache has no AUTH token, but one was sent.",
        ),
        (
            |_| Reply::Text("-ERR unknown command 'AUTH', with args beginning with: 'secret-token'"),
            "The cache rejects AUTH (ERR).",
        ),
    ];
    for (script, expected) in cases {
        let port = plain(script).await;
        let found = failure(&Target { password: Some(&token), ..target(port) }).await;
        assert_eq!(found, (Reason::Auth, expected.to_owned()));
    }
}

#[tokio::test]
async fn another_protocol_is_of_protocol_and_not_quoted() {
    let token = Secret::new("secret-token");
    let port = plain(|_| Reply::Text("HTTP/1.1 400 Bad Request: secret-token")).await;
    let found = failure(&Target { password: Some(&token), ..target(port) }).await;
    let expected = "The answer to AUTH is not of the Redis protocol. It may require TLS.";
    assert_eq!(found, (Reason::Protocol, expected.to_owned()));
}

#[tokio::test]
async fn a_closed_connection_is_of_protocol() {
    let port = plain(|_| Reply::Close).await;
    let (reason, message) = failure(&target(port)).await;
    assert_eq!(reason, Reason::Protocol);
    assert!(message.starts_with("The cache closed the connection during PING: "), "{message}");
}

#[tokio::test]
async fn a_cache_that_cannot_serve_is_of_protocol() {
    let port = plain(|_| Reply::Text("-LOADING Valkey is loading the dataset in memory")).await;
    let expected = "The cache answers PING with an error: LOADING Valkey is loading the dataset in memory.";
    assert_eq!(failure(&target(port)).await, (Reason::Protocol, expected.to_owned()));
}

#[tokio::test]
async fn reply_without_end_is_of_protocol() {
    let port = plain(|_| Reply::Endless).await;
    let (reason, message) = failure(&target(port)).await;
    assert_eq!(reason, Reason::Protocol);
    assert!(message.contains("its replies have more than 1 MB"), "{message}");
}

#[tokio::test]
async fn silence_ends_with_the_timeout() {
    let port = plain(|_| Reply::Silence).await;
    let problem = probe(&target(port), Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(problem.reason, Reason::Timeout);
    let expected = format!(
        "The timeout of 200ms ended while waiting for an answer of {HOST}:{port} without TLS, which it may require."
    );
    assert_eq!(problem.message, expected);

    let (listener, port) = listen().await;
    let (_, pem) = secure(cluster).await;
    let target = Target { tls: Some(Trust::Authorities(&pem)), ..target(port) };
    let silent = async {
        let stream: (TcpStream, _) = listener.accept().await.unwrap();
        std::future::pending::<()>().await;
        drop(stream);
    };
    let problem = tokio::select! {
        result = probe(&target, Duration::from_millis(200)) => result.unwrap_err(),
        () = silent => unreachable!(),
    };
    let expected = format!("The timeout of 200ms ended while negotiating TLS with {HOST}:{port}.");
    assert_eq!((problem.reason, problem.message), (Reason::Timeout, expected));
}

#[test]
fn certificates_are_checked_without_quoting_them() {
    assert_eq!(authorities("hello").unwrap_err(), "contain no certificate");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let problem = authorities(broken).unwrap_err();
    assert!(problem.starts_with("contain an invalid certificate: "), "{problem}");
    let CertifiedKey { cert, .. } = generate_simple_self_signed([HOST.to_owned()]).unwrap();
    assert_eq!(authorities(&cert.pem()).unwrap().len(), 1);
}
