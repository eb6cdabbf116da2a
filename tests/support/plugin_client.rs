//! A plugin host of our own: starts the built provider as Terraform does and talks gRPC to it.
//!
//! ```ignore
//! let plugin = Plugin::start();
//! let mut provider = plugin.provider().await;
//! provider.get_provider_schema(get_provider_schema::Request {}).await?;
//! plugin.shutdown().await;
//! ```

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use terraform_provider_elasticache::plugin::MAX_MESSAGE_BYTES;
use terraform_provider_elasticache::plugin::proto::grpc_controller_client::GrpcControllerClient;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tonic::body::Body;
use tower_service::Service;

pub const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// Longest wait for anything; on a machine that works, everything takes milliseconds.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// The provider's binary, quiet, and with no variable of ours that would change what it does.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-elasticache"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("TF_") || name.starts_with("PLUGIN_") || name.starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command.env("TF_LOG_PROVIDER_ELASTICACHE", "error");
    command
}

/// As the host makes it for each start: P-521, self-signed, an authority.
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    pub pem: String,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    pub fn new() -> Self {
        use rcgen::{
            BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose,
        };
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.distinguished_name.push(DnType::OrganizationName, "HashiCorp");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate: certificate.der().clone(), pem: certificate.pem(), key: key.into() }
    }
}

/// The handshake line, taken apart.
#[derive(Debug, Clone)]
pub struct Handshake {
    pub line: String,
    pub socket: PathBuf,
    pub certificate: Option<CertificateDer<'static>>,
}

impl Handshake {
    pub fn parse(line: &str) -> Self {
        let fields: Vec<&str> = line.trim_end_matches('\n').split('|').collect();
        assert_eq!((fields[0], fields[1], fields[2], fields[4]), ("1", "6", "unix", "grpc"), "{line}");
        let certificate = match fields[5] {
            "" => None,
            text => Some(STANDARD_NO_PAD.decode(text).unwrap().into()),
        };
        Self { line: line.to_owned(), socket: fields[3].into(), certificate }
    }
}

/// A running provider; killed when dropped.
pub struct Plugin {
    pub handshake: Handshake,
    pub identity: Option<Identity>,
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    /// Holds the socket, so that a provider that is killed leaves nothing in the system's directory.
    temporary: tempfile::TempDir,
}

impl Plugin {
    /// With mutual TLS, as Terraform does it.
    pub fn start() -> Self {
        Self::start_with(binary(), Some(Identity::new()))
    }

    /// Without TLS when there is no `identity`; `command` may carry more variables.
    pub fn start_with(mut command: Command, identity: Option<Identity>) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        command.env("TMPDIR", temporary.path());
        Self::launch(command, identity, temporary)
    }

    /// With `root` as its root directory, which holds the program and an empty folder `tmp`.
    ///
    /// `command` runs the program there.
    pub fn start_in_root(root: tempfile::TempDir, mut command: Command) -> Self {
        command.env_clear().env("TMPDIR", "/tmp");
        let mut plugin = Self::launch(command, Some(Identity::new()), root);
        let inside = plugin.handshake.socket.strip_prefix("/").unwrap();
        plugin.handshake.socket = plugin.temporary.path().join(inside);
        plugin
    }

    fn launch(mut command: Command, identity: Option<Identity>, temporary: tempfile::TempDir) -> Self {
        command.env("TF_PLUGIN_MAGIC_COOKIE", COOKIE).env("PLUGIN_PROTOCOL_VERSIONS", "5,6");
        if let Some(identity) = &identity {
            command.env("PLUGIN_CLIENT_CERT", &identity.pem);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        Self { handshake: Handshake::parse(&line), identity, child, stdout, temporary }
    }

    /// A connection as the host makes it.
    pub async fn channel(&self) -> Channel {
        self.connect(self.identity.as_ref()).await.unwrap()
    }

    /// A connection that presents `identity`.
    pub async fn connect(&self, identity: Option<&Identity>) -> Result<Channel, ConnectError> {
        let tls = self.handshake.certificate.clone().map(|server| connector(server, identity));
        connect(self.handshake.socket.clone(), tls).await
    }

    /// The provider service, with the limits a host has.
    pub async fn provider(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel().await)
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES)
    }

    pub fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the end of the process.
    pub async fn wait(&mut self) -> ExitStatus {
        wait(&mut self.child).await
    }

    /// Asks for the end as the host does; returns the exit status and how long it took.
    pub async fn shutdown(&mut self) -> (ExitStatus, Duration) {
        let mut controller = GrpcControllerClient::new(self.channel().await);
        let start = Instant::now();
        let empty = terraform_provider_elasticache::plugin::proto::Empty {};
        controller.shutdown(empty).await.unwrap();
        (self.wait().await, start.elapsed())
    }

    /// The folder that holds the socket, or the root of [`Plugin::start_in_root`].
    pub fn folder(&self) -> &Path {
        self.temporary.path()
    }

    /// What the ended process wrote to standard output after the handshake.
    pub fn rest_of_stdout(&mut self) -> String {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        rest
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal by name, for example `INT`.
pub fn signal(process: u32, name: &str) {
    // The shell's own `kill`: the program of that name is not on every machine.
    let status = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status().unwrap();
    assert!(status.success());
}

/// Waits for the end of a process; fails the test when it takes too long.
///
/// The runtime goes on meanwhile: the provider waits for its clients to take notice of the end.
pub async fn wait(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(start.elapsed() < DEADLINE, "the provider does not end");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Why there is no connection.
pub type ConnectError = Box<dyn std::error::Error + Send + Sync>;

/// A gRPC channel: one HTTP/2 connection, over which many calls go at once.
///
/// tonic's own channel has more, such as reconnecting, and more dependencies: with those, the SDKs would be
/// compiled for the tests with other features than for the provider.
#[derive(Clone)]
pub struct Channel(SendRequest<Body>);

/// Connects to a Unix socket.
pub async fn connect(socket: PathBuf, tls: Option<TlsConnector>) -> Result<Channel, ConnectError> {
    let dial = async {
        let stream = UnixStream::connect(socket).await?;
        let stream: Box<dyn Io> = match tls {
            None => Box::new(stream),
            Some(tls) => Box::new(tls.connect(ServerName::try_from("localhost").unwrap(), stream).await?),
        };
        let (requests, connection) =
            http2::Builder::new(TokioExecutor::new()).handshake(TokioIo::new(stream)).await?;
        // It ends with the channel; what goes wrong before, each call says.
        tokio::spawn(connection);
        Ok(Channel(requests))
    };
    tokio::time::timeout(DEADLINE, dial).await?
}

impl Service<http::Request<Body>> for Channel {
    type Response = http::Response<Incoming>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let path = request.uri().path().to_owned();
        *request.uri_mut() = format!("http://localhost{path}").parse().unwrap();
        Box::pin(self.0.send_request(request))
    }
}

trait Io: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin {}
impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin> Io for T {}

/// TLS as the host speaks it: trusts `server` alone and presents `identity`, or nothing.
pub fn connector(server: CertificateDer<'static>, identity: Option<&Identity>) -> TlsConnector {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Arc::new(PinnedServer { server, provider: Arc::clone(&provider) });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match identity {
        Some(i) => config.with_client_auth_cert(vec![i.certificate.clone()], i.key.clone_key()).unwrap(),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsConnector::from(Arc::new(config))
}

#[derive(Debug)]
struct PinnedServer {
    server: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        assert_eq!(*end_entity, self.server, "the certificate of the handshake line");
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
