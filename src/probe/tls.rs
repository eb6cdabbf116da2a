//! TLS on an open connection.

use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Reason, Trust, Unreachable};

/// Negotiates TLS with the server that the certificate must name `host`.
///
/// # Errors
/// The server speaks no TLS, or is not trusted.
pub(super) async fn negotiate(
    tcp: TcpStream,
    host: &str,
    trust: Trust<'_>,
) -> Result<TlsStream<TcpStream>, Unreachable> {
    let roots = match trust {
        Trust::System => system_roots().await?,
        Trust::Authorities(pem) => {
            authorities(pem).map_err(|problem| failed(format!("The CA certificates {problem}.")))?
        }
    };
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(format!("TLS cannot be set up: {error}.")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| failed(format!("{host} is not a name that a certificate can have.")))?;
    TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await
        .map_err(|error| failed(format!("The TLS handshake with {host} failed: {error}.")))
}

fn failed(message: String) -> Unreachable {
    Unreachable::new(Reason::Tls, message)
}

/// The certificate authorities of the system, which `SSL_CERT_FILE` and `SSL_CERT_DIR` override.
async fn system_roots() -> Result<RootCertStore, Unreachable> {
    let found = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await;
    let mut roots = RootCertStore::empty();
    if let Ok(found) = found {
        roots.add_parsable_certificates(found.certs);
    }
    if roots.is_empty() {
        return Err(failed("The system has no certificate authorities to trust.".to_owned()));
    }
    Ok(roots)
}

/// The certificate authorities of a text in PEM form.
///
/// # Errors
/// What is wrong with it, completing "must be …, but": the text is not quoted.
pub(crate) fn authorities(pem: &str) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| format!("are not in PEM form: {error}"))?;
        roots.add(certificate).map_err(|error| format!("contain an invalid certificate: {error}"))?;
    }
    if roots.is_empty() { Err("contain no certificate".to_owned()) } else { Ok(roots) }
}
