//! Has the credentials in a request redacted, whichever client sends it.
//!
//! Requests with credentials are sent by the clients of the SDK's credential chain as well: those that assume the role of
//! a profile, exchange a token for a role, or ask a container or SSO for credentials. They have no interceptor of the
//! provider, but each request passes the one connector. AWS and proxies quote requests that they refuse, headers included.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use percent_encoding::percent_decode_str;

use crate::redact::remember_everywhere;

/// Headers with a credential: the session token of a signed request, the token of the instance metadata service, and that
/// of SSO.
const HEADERS: &[&str] = &["x-amz-security-token", "x-aws-ec2-metadata-token", "x-amz-sso_bearer_token"];

/// Parameters of STS that are tokens.
const PARAMETERS: &[&str] = &["WebIdentityToken", "SAMLAssertion"];

/// Members of CreateToken of SSO that are secrets.
const MEMBERS: &[&str] = &["clientSecret", "refreshToken", "deviceCode", "codeVerifier", "assertion"];

/// Remembers what is secret in a request.
pub(super) fn remember(request: &HttpRequest) {
    let header = |name: &str| request.headers().get(name);
    HEADERS.iter().filter_map(|name| header(name)).for_each(remember_everywhere);
    // A signature is of no use for another request; what a container's endpoint receives is.
    if let Some(authorization) = header("authorization").filter(|value| !value.starts_with("AWS4-")) {
        remember_everywhere(authorization);
        authorization.split_once(' ').into_iter().for_each(|(_, token)| remember_everywhere(token));
    }
    let body = request.body().bytes().and_then(|body| std::str::from_utf8(body).ok()).unwrap_or_default();
    if PARAMETERS.iter().any(|name| body.contains(name)) {
        let parameters = body.split('&').filter_map(|parameter| parameter.split_once('='));
        for (_, value) in parameters.filter(|(name, _)| PARAMETERS.contains(name)) {
            remember_everywhere(&percent_decode_str(value).decode_utf8_lossy());
        }
    }
    if MEMBERS.iter().any(|name| body.contains(name)) {
        let document: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        MEMBERS.iter().filter_map(|name| document.get(name)?.as_str()).for_each(remember_everywhere);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Secrets, redact, scope};
    use aws_smithy_types::body::SdkBody;

    #[tokio::test]
    async fn credentials_in_headers_and_bodies_are_redacted() {
        let requests: [(&[(&'static str, &'static str)], &'static str); 6] = [
            (&[("x-amz-security-token", "secret-of-a-session")], ""),
            (&[("x-aws-ec2-metadata-token", "secret-of-an-instance")], ""),
            (&[("authorization", "Basic secret-of-a-container")], ""),
            (&[], "Action=AssumeRoleWithWebIdentity&WebIdentityToken=secret%2Dof%2Da%2Drunner&Version=1"),
            (&[], r#"{"grantType": "refresh_token", "refreshToken": "secret-of-sso"}"#),
            (&[("authorization", "AWS4-HMAC-SHA256 Credential=AKIA")], "AuthToken=of-a-resource"),
        ];
        let everything = "secret-of-a-session secret-of-an-instance secret-of-a-container secret-of-a-runner \
                          secret-of-sso AWS4-HMAC-SHA256 Credential=AKIA of-a-resource";
        let redacted = scope(Secrets::new(), async {
            for (headers, body) in requests {
                let mut request = HttpRequest::new(SdkBody::from(body));
                headers.iter().for_each(|(name, value)| drop(request.headers_mut().insert(*name, *value)));
                remember(&request);
            }
            redact(everything).into_owned()
        });
        let expected = "(redacted) (redacted) (redacted) (redacted) (redacted) AWS4-HMAC-SHA256 Credential=AKIA \
                        of-a-resource";
        assert_eq!(redacted.await, expected);
    }
}
