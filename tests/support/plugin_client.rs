//! A plugin host of our own: starts the built provider as Terraform does and talks gRPC to it.
//!
//! ```ignore
//! let plugin = Plugin::start();
//! let mut provider = plugin.provider().await;
//! provider.get_provider_schema(get_provider_schema::Request {}).await?;
//! plugin.shutdown().await;
//! ```

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls_pki_types::CertificateDer;
use terraform_provider_elasticache::plugin::MAX_MESSAGE_BYTES;
use terraform_provider_elasticache::plugin::proto::grpc_controller_client::GrpcControllerClient;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_server::{Provider, ProviderServer};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tokio_stream::StreamExt;
use tonic::Streaming;
use tonic::transport::Server;

pub use super::plugin_host::{Channel, ConnectError, Identity, connector};

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
    // The AWS of the tests needs no pause between the deletion and the creation of an object.
    command.env("ELASTICACHE_TEST_WITHOUT_PAUSES", "1");
    command
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
        if !command.get_envs().any(|(name, _)| name == "TMPDIR") {
            command.env("TMPDIR", temporary.path());
        }
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

    pub fn id(&self) -> u32 {
        self.child.id()
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

/// A client of `service`, which runs in this process and speaks gRPC all the same.
pub async fn client_of(service: impl Provider) -> ProviderClient<Channel> {
    let (client, server) = tokio::io::duplex(64 * 1024);
    // One connection, and none after it.
    let incoming = tokio_stream::once(Ok::<_, std::io::Error>(server)).chain(tokio_stream::pending());
    tokio::spawn(Server::builder().add_service(ProviderServer::new(service)).serve_with_incoming(incoming));
    ProviderClient::new(Channel::over(client, None).await.unwrap())
}

/// The events of a stream until its end.
pub async fn events<E>(mut stream: Streaming<E>) -> Vec<E> {
    let mut all = Vec::new();
    while let Some(event) = stream.message().await.unwrap() {
        all.push(event);
    }
    all
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

/// Connects to a Unix socket.
pub async fn connect(socket: PathBuf, tls: Option<TlsConnector>) -> Result<Channel, ConnectError> {
    let dial = async { Channel::over(UnixStream::connect(socket).await?, tls).await };
    tokio::time::timeout(DEADLINE, dial).await?
}
