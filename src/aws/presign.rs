//! Requests that are signed here and sent by another program.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;

use super::call::error_chain;
use super::config::account::credentials_error;
use super::{Aws, AwsError, Cancel, ErrorKind, Secret, Service};

/// A GET request whose signature stands in its query.
#[derive(Debug, Clone)]
pub struct Presigned {
    /// The URL with the signature.
    pub url: Secret,
    /// When it is worth nothing any more.
    pub expires_at: SystemTime,
}

impl Aws {
    /// Signs `GET url` for a service of a region (`None` is the provider's), from `at` and
    /// for so long, or until the credentials expire.
    ///
    /// # Errors
    /// No credentials, wrong settings, an account that may not be touched.
    pub async fn presign(
        &self,
        cancel: &Cancel,
        region: Option<&str>,
        service: Service,
        url: &str,
        at: SystemTime,
        valid: Duration,
    ) -> Result<Presigned, AwsError> {
        let cancelled = || AwsError::new(service, "Presign", ErrorKind::Cancelled);
        let (loaded, region) = tokio::select! {
            biased;
            ready = self.ready(region) => ready?,
            () = cancel.cancelled() => return Err(cancelled()),
        };
        let missing = || CredentialsError::not_loaded("no provider of credentials is configured");
        let loading = async {
            let provider = loaded.sdk.credentials_provider().ok_or_else(missing)?;
            provider.provide_credentials().await
        };
        let credentials = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(cancelled()),
            // Errors of ours are in their final form.
            found = loading => found.map_err(|error| {
                error_chain::find::<AwsError>(&error).cloned().unwrap_or_else(|| credentials_error(&error))
            })?,
        };
        let expires_at = at + valid;
        let expires_at = credentials.expiry().map_or(expires_at, |end| end.min(expires_at));
        let url = presigned(&credentials, &region, service.name(), url, at, valid)?;
        Ok(Presigned { url, expires_at })
    }
}

/// The URL with a signature by Signature Version 4 in its query.
fn presigned(
    credentials: &Credentials,
    region: &str,
    service: &str,
    url: &str,
    at: SystemTime,
    valid: Duration,
) -> Result<Secret, AwsError> {
    // None of these errors can be of anything but the URL.
    let wrong =
        || AwsError::config("What is to be signed is no URL.", "Report this as a bug of the provider.");
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(valid);
    let identity = credentials.clone().into();
    let params: SigningParams<'_> = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(at)
        .settings(settings)
        .build()
        .map_err(|_| wrong())?
        .into();
    let request = SignableRequest::new("GET", url, std::iter::empty(), SignableBody::Bytes(&[]));
    let (instructions, _) = sign(request.map_err(|_| wrong())?, &params).map_err(|_| wrong())?.into_parts();
    let mut request = http::Request::get(url).body(()).map_err(|_| wrong())?;
    instructions.apply_to_request_http1x(&mut request);
    Ok(Secret::new(request.uri().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::tests::http_client::never_answer;
    use std::collections::BTreeSet;

    const KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// 2026-03-01 12:30:45 UTC.
    fn then() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_368_245)
    }

    /// Path, then the parameters in any order.
    #[track_caller]
    fn assert_same(signed: &Secret, expected: &str) {
        let parts = |url: &str| {
            let (path, query) = url.split_once('?').unwrap();
            (path.to_owned(), query.split('&').map(str::to_owned).collect::<BTreeSet<_>>())
        };
        assert_eq!(parts(signed.expose()), parts(expected));
    }

    /// The expected signatures are those of botocore's `SigV4QueryAuth` for the same requests.
    #[tokio::test]
    async fn a_signature_is_made_in_the_region_and_does_not_print() {
        let http = never_answer();
        let presign = async |valid| {
            let aws = Aws::for_tests(http.clone());
            let url = "http://booking/?Action=connect&User=app-user";
            aws.presign(&Cancel::new(), None, Service::ElastiCache, url, then(), Duration::from_secs(valid))
                .await
        };
        let signed = presign(900).await.unwrap();
        assert_eq!(signed.expires_at, then() + Duration::from_secs(900));
        assert!(signed.url.expose().contains("us-east-1%2Felasticache"), "the provider's region");
        assert!(!format!("{signed:?}").contains("Signature="));
    }

    #[tokio::test]
    async fn a_stop_ends_the_wait_for_credentials() {
        let aws = Aws::for_tests(never_answer());
        let stopped = Cancel::new();
        stopped.cancel();
        let valid = Duration::from_secs(900);
        let signed = aws.presign(&stopped, None, Service::ElastiCache, "http://a/", then(), valid).await;
        assert!(signed.unwrap_err().is_cancelled());
    }

    #[test]
    fn signatures_are_those_that_another_signer_makes() {
        let sign = |credentials: &Credentials, url: &str| {
            presigned(credentials, "eu-west-1", "elasticache", url, then(), Duration::from_secs(900)).unwrap()
        };
        let keys = Credentials::new("AKIDEXAMPLE", KEY, None, None, "test");
        assert_same(
            &sign(&keys, "http://booking/?Action=connect&User=app-user"),
            "http://booking/?Action=connect&User=app-user&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F\
             20260301%2Feu-west-1%2Felasticache%2Faws4_request&X-Amz-Date=20260301T123045Z&X-Amz-Expires=900&\
             X-Amz-SignedHeaders=host&X-Amz-Signature=2e6b7be639157b8785602e7bc48335616679fabaf0e6fbda75d53ac4b1b1e95f",
        );
        let token = Some("a/session+token==".to_owned());
        let session = Credentials::new("AKIDEXAMPLE", KEY, token, None, "test");
        assert_same(
            &sign(&session, "http://booking/?Action=connect&User=app-user&ResourceType=ServerlessCache"),
            "http://booking/?Action=connect&User=app-user&ResourceType=ServerlessCache&X-Amz-Algorithm=AWS4-HMAC-SHA256&\
             X-Amz-Credential=AKIDEXAMPLE%2F20260301%2Feu-west-1%2Felasticache%2Faws4_request&X-Amz-Date=20260301T123045Z&\
             X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=a%2Fsession%2Btoken%3D%3D&\
             X-Amz-Signature=a6116092c974364253fd79a5f894b3f2e2fa64aa36aed2d16ab2d5360e98a8fa",
        );
    }
}
