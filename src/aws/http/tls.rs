//! Whom to trust.

use crate::aws::AwsError;
use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls_pki_types::{CertificateDer, pem::PemObject};

/// The certificate authorities to trust: those of the bundle when one is
/// given, as in every AWS tool, else the system's. The system's are read when
/// the first `https` connection is made.
///
/// # Errors
/// The bundle cannot be read or holds no usable certificate.
pub(in crate::aws) fn context(bundle: Option<&str>) -> Result<TlsContext, AwsError> {
    let store = match bundle {
        Some(path) => TrustStore::empty().with_pem_certificate(read_bundle(path)?),
        None => TrustStore::empty().with_native_roots(true),
    };
    build(store)
}

/// A context that trusts nobody and so reads nothing: for plain `http`.
///
/// # Errors
/// None that is known; the library's builder could fail.
pub(in crate::aws) fn no_tls() -> Result<TlsContext, AwsError> {
    build(TrustStore::empty())
}

fn build(store: TrustStore) -> Result<TlsContext, AwsError> {
    TlsContext::builder().with_trust_store(store).build().map_err(|error| {
        AwsError::config(
            format!("TLS cannot be set up: {}.", crate::aws::call::error_chain::sentence(&error)),
            "Check `custom_ca_bundle` and `AWS_CA_BUNDLE`.",
        )
    })
}

/// Reads a bundle and parses it here, because the library panics on a bad one.
fn read_bundle(path: &str) -> Result<Vec<u8>, AwsError> {
    let fail = |detail: String| {
        AwsError::config(
            format!("The CA bundle \"{path}\" cannot be used: {detail}."),
            "Set `custom_ca_bundle` or `AWS_CA_BUNDLE` to a PEM file of certificates.",
        )
    };
    let pem = std::fs::read(path).map_err(|error| fail(error.to_string()))?;
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| fail(format!("it is not PEM ({error})")))?;
    if certificates.is_empty() {
        return Err(fail("it holds no certificate".to_owned()));
    }
    let mut roots = rustls::RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate).map_err(|error| fail(format!("it holds a bad certificate ({error})")))?;
    }
    Ok(pem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_bundle_that_is_none() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        std::fs::write(path, "hello").unwrap();
        assert_eq!(
            context(Some(path)).unwrap_err().to_string(),
            format!(
                "The CA bundle \"{path}\" cannot be used: it holds no certificate. Set `custom_ca_bundle` or \
                 `AWS_CA_BUNDLE` to a PEM file of certificates."
            )
        );
        std::fs::write(path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        assert!(context(Some(path)).unwrap_err().to_string().contains("it holds a bad certificate"));
        let missing = context(Some("/nonexistent.pem")).unwrap_err().to_string();
        assert!(
            missing.starts_with("The CA bundle \"/nonexistent.pem\" cannot be used: No such file"),
            "{missing}"
        );
    }
}
