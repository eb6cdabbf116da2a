//! The authority that clients trust, and the certificates that it signs for servers.

use std::sync::{Arc, LazyLock};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

use crate::clients::server::HOST;

/// One for all servers, so that a client of several servers trusts them all.
static AUTHORITY: LazyLock<Authority> = LazyLock::new(Authority::new);

struct Authority {
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::default();
        authority.distinguished_name.push(DnType::CommonName, "Authority of the tests");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = authority.self_signed(&key).unwrap().pem();
        Self { certificate, issuer: Issuer::new(authority, key) }
    }
}

/// The certificate of the authority, in PEM form.
pub fn authority() -> &'static str {
    &AUTHORITY.certificate
}

/// Accepts TLS connections with a new certificate for [`HOST`].
pub fn acceptor() -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    // redis-py in cluster mode connects to the address of a host with the name localhost.
    let mut server = CertificateParams::new([HOST.to_owned(), "127.0.0.1".to_owned()]).unwrap();
    server.distinguished_name.push(DnType::CommonName, HOST);
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // From Python 3.13 on clients insist on it.
    server.use_authority_key_identifier_extension = true;
    let server = server.signed_by(&key, &AUTHORITY.issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![server.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
