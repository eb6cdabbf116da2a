//! Mutual TLS as go-plugin's AutoMTLS does it.
//!
//! Host and plugin each make a throw-away certificate and tell the other by environment and
//! handshake line. There is no authority, so trust is equality: whoever presents, and holds the key
//! of, exactly the certificate we were told of is the host.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use tokio_rustls::TlsAcceptor;

use super::error::RunError;

/// The server's side of one plugin process.
pub(super) struct ServerTls {
    /// Turns accepted connections into TLS streams.
    pub(super) acceptor: TlsAcceptor,
    /// DER of our certificate, for the handshake line.
    pub(super) certificate: CertificateDer<'static>,
}

impl ServerTls {
    /// Makes a fresh certificate and trusts the host's, given in PEM form.
    ///
    /// # Errors
    /// When the host's certificate cannot be read, or no key can be made.
    pub(super) fn new(client_certificate: &str) -> Result<Self, RunError> {
        let client = CertificateDer::from_pem_slice(client_certificate.as_bytes())
            .map_err(RunError::ClientCertificate)?;
        let (certificate, key) = self_signed()?;
        // ring would offer no P-521 scheme, and the host, whose key is P-521, would then present
        // no certificate at all.
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Arc::new(PinnedClient::new(client, &provider));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.clone()], key)?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        // The host connects once and never resumes.
        config.send_tls13_tickets = 0;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }
}

/// The host verifies us with our own certificate as the root and the server name `localhost`, hence
/// an authority that signs itself. P-256, because some gRPC clients take nothing larger.
fn self_signed() -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), rcgen::Error> {
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(["localhost".to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign];
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    let certificate = params.self_signed(&key)?.der().clone();
    Ok((certificate, key.into()))
}

/// Accepts one certificate, byte for byte.
///
/// The stock verifiers build a chain instead, and refuse the host's certificate because it is an
/// authority presented as a leaf.
#[derive(Debug)]
struct PinnedClient {
    certificate: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl PinnedClient {
    fn new(certificate: CertificateDer<'static>, provider: &CryptoProvider) -> Self {
        Self { certificate, algorithms: provider.signature_verification_algorithms }
    }
}

impl ClientCertVerifier for PinnedClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_certificate_that_is_none_is_refused() {
        let error = ServerTls::new("not a certificate").err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.starts_with("PLUGIN_CLIENT_CERT does not hold a certificate in PEM form"), "{error}");
    }

    #[test]
    fn the_authority_may_sign_with_p521() {
        let (certificate, _) = self_signed().unwrap();
        let verifier = PinnedClient::new(certificate, &aws_lc_rs::default_provider());
        assert!(verifier.supported_verify_schemes().contains(&SignatureScheme::ECDSA_NISTP521_SHA512));
        assert!(verifier.client_auth_mandatory());
    }
}
