use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::*;
use crate::plugin::proto::Empty;
use crate::plugin::proto::grpc_controller_client::GrpcControllerClient;
use crate::plugin::tls::ServerTls;
use crate::plugin::{Identity, run, services};

fn environment() -> Environment {
    Environment::of_process(&Identity { source: "n/t", version: "0" })
}

#[tokio::test]
async fn bind_skips_a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut environment = environment();

    environment.ports = (port, port);
    let error = Listener::bind(&environment).await.err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.starts_with("no free TCP port on 127.0.0.1 between"), "{error}");

    environment.ports = (port, port.saturating_add(200));
    let listener = Listener::bind(&environment).await.unwrap();
    assert_eq!(listener.network(), "tcp");
    let (accepted, connected) =
        tokio::join!(listener.accept(), TcpStream::connect(listener.address.as_str()));
    assert!(accepted.is_ok() && connected.is_ok());
}

/// What a host on Windows meets: the same services, mutual TLS and end as over a Unix socket.
#[tokio::test]
async fn plugin_serves_its_host_over_tcp_with_mutual_tls() {
    let host = HostKey::new();
    let tls = ServerTls::new(&host.pem).unwrap();
    let connector = host.connector(tls.certificate.clone());
    let stranger = HostKey::new().connector(tls.certificate.clone());
    let listener = Listener::bind(&environment()).await.unwrap();
    let address = listener.address.clone();

    let shutdown = CancellationToken::new();
    let routes = services::add(Routes::default(), &shutdown).await;
    let host = async {
        let check = async |connector| {
            let channel = connect(address.clone(), connector).await?;
            let request = HealthCheckRequest { service: "plugin".into() };
            let reply = HealthClient::new(channel).check(request).await?;
            Ok::<_, Box<dyn std::error::Error>>(reply.into_inner().status())
        };
        assert_eq!(check(connector.clone()).await.unwrap(), ServingStatus::Serving);
        assert!(check(stranger).await.is_err(), "another certificate is refused");

        let channel = connect(address.clone(), connector).await.unwrap();
        GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    };
    let (served, ()) = tokio::join!(run::serve_on(listener, Some(tls), routes, &shutdown), host);
    served.unwrap();
    assert!(TcpStream::connect(&*address).await.is_err(), "the port is closed");
}

async fn connect(
    address: String,
    tls: TlsConnector,
) -> Result<tonic::transport::Channel, tonic::transport::Error> {
    let dial = tower::service_fn(move |_| {
        let (address, tls) = (address.clone(), tls.clone());
        async move {
            let stream = TcpStream::connect(address).await?;
            tls.connect(ServerName::try_from("localhost").unwrap(), stream).await.map(TokioIo::new)
        }
    });
    Endpoint::from_static("http://localhost").connect_with_connector(dial).await
}

/// The certificate and key of a host.
struct HostKey {
    certificate: CertificateDer<'static>,
    pem: String,
    key: PrivateKeyDer<'static>,
}

impl HostKey {
    fn new() -> Self {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).unwrap();
        let certificate =
            rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
        Self { certificate: certificate.der().clone(), pem: certificate.pem(), key: key.into() }
    }

    /// TLS that trusts `server` alone.
    fn connector(&self, server: CertificateDer<'static>) -> TlsConnector {
        let provider = aws_lc_rs::default_provider();
        let algorithms = provider.signature_verification_algorithms;
        let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(PinnedServer { server, algorithms }))
            .with_client_auth_cert(vec![self.certificate.clone()], self.key.clone_key())
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        TlsConnector::from(Arc::new(config))
    }
}

#[derive(Debug)]
struct PinnedServer {
    server: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
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
        assert_eq!(*end_entity, self.server);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
