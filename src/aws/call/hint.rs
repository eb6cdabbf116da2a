//! What to do about an error, where that is known.

use crate::aws::{ErrorKind, Service};

/// The advice for an error of a call; `None` where AWS's own words must do.
pub(in crate::aws) fn of(service: Service, operation: &str, kind: &ErrorKind) -> Option<String> {
    match kind {
        ErrorKind::Service { code, .. } => of_code(service, operation, code),
        ErrorKind::Dispatch { detail } => of_dispatch(service, detail),
        ErrorKind::Timeout { .. } => Some(unreachable(service)),
        ErrorKind::Response { .. } => {
            Some("Something between here and AWS may have cut or changed it; run again.".to_owned())
        }
        _ => None,
    }
}

fn of_code(service: Service, operation: &str, code: &str) -> Option<String> {
    let advice = match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "AuthorizationError" => {
            return Some(format!("The credentials need the IAM action {}.", iam_action(service, operation)));
        }
        "ExpiredToken" | "ExpiredTokenException" => {
            "The session credentials have expired; get new ones, for example with \"aws sso login\"."
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" | "AuthFailure" => {
            "AWS does not know the access key: it may be mistyped, deleted, without its session token, \
             or of another partition than the region."
        }
        "SignatureDoesNotMatch" | "InvalidSignatureException" | "IncompleteSignature" => {
            "The secret key does not belong to the access key, or this machine's clock is wrong."
        }
        "RequestExpired" | "RequestTimeTooSkewed" => {
            "This machine's clock is wrong; set it (AWS allows five minutes)."
        }
        "OptInRequired" => "The account has not opted in to this service or region.",
        _ => return None,
    };
    Some(advice.to_owned())
}

/// The IAM action that allows an operation: named alike in all our services.
fn iam_action(service: Service, operation: &str) -> String {
    format!("{}:{operation}", service.name())
}

fn of_dispatch(service: Service, detail: &str) -> Option<String> {
    let detail = detail.to_ascii_lowercase();
    let advice = if detail.contains("connection refused") {
        format!(
            "Nothing listens there; check endpoints.{} and {}, or AWS_ENDPOINT_URL.",
            service.name(),
            service.endpoint_variable()
        )
    } else if detail.contains("dns error") || detail.contains("failed to lookup") {
        format!(
            "The host name of the {service} endpoint cannot be resolved; check the region and the network."
        )
    } else if detail.contains("certificate") {
        "The server's certificate is not trusted; if a proxy of yours is in between, set `custom_ca_bundle` \
         or `AWS_CA_BUNDLE` to the certificate of its authority."
            .to_owned()
    } else if detail.contains("proxy") || detail.contains("tunnel") {
        "Check `http_proxy`, `https_proxy` and `no_proxy`.".to_owned()
    } else if detail.contains("timeout") || detail.contains("timed out") || detail.contains("unreachable") {
        unreachable(service)
    } else {
        return None;
    };
    Some(advice)
}

fn unreachable(service: Service) -> String {
    format!(
        "Check that the {service} endpoint can be reached from here (network, VPN, proxy), then run again."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(service: Service, operation: &'static str, code: &str) -> Option<String> {
        let (code, message) =
            (code.to_owned(), "AWS was not able to validate the access credentials".to_owned());
        of(service, operation, &ErrorKind::Service { code, message, request_id: None, http_status: 401 })
    }

    /// K20: EC2's word for what the other services call InvalidClientTokenId or UnrecognizedClientException
    /// (page of EC2's error codes).
    #[test]
    fn every_service_has_the_same_hint_for_an_unknown_access_key() {
        let expected = hint(Service::ElastiCache, "DescribeReplicationGroups", "InvalidClientTokenId");
        assert!(expected.as_ref().is_some_and(|text| text.contains("access key")), "{expected:?}");
        assert_eq!(hint(Service::Ec2, "DescribeSecurityGroups", "AuthFailure"), expected);
        assert_eq!(hint(Service::Ssm, "GetParameter", "UnrecognizedClientException"), expected);
        assert_eq!(hint(Service::Ec2, "DescribeSecurityGroups", "InvalidGroup.NotFound"), None);
    }

    #[test]
    fn a_missing_permission_is_named() {
        for code in ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"] {
            let hint = hint(Service::Ec2, "DescribeSecurityGroups", code).unwrap_or_default();
            assert!(hint.contains("ec2:DescribeSecurityGroups"), "{code}: {hint}");
        }
    }
}
