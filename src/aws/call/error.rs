//! The one error of this module.

use super::hint;
use crate::aws::Service;
use std::fmt;

/// What went wrong on the way to AWS, there or back. Its `Display` is one
/// readable sentence or two: what was called, what AWS said, the request id,
/// and what to do about it where that is known.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", self.text())]
pub struct AwsError(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    call: Option<(Service, &'static str)>,
    kind: ErrorKind,
    hint: Option<String>,
    is_outage: bool,
}

/// The kinds of [`AwsError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// AWS answered with an error.
    Service {
        /// AWS's code, such as `ReplicationGroupNotFoundFault`.
        code: String,
        /// AWS's message; may be empty.
        message: String,
        /// The request id to quote to AWS support.
        request_id: Option<String>,
        /// HTTP status of the answer.
        http_status: u16,
    },
    /// No answer in time, after all retries.
    Timeout {
        /// What was waited for.
        detail: String,
    },
    /// The request could not be sent: connection refused, DNS, TLS, proxy.
    Dispatch {
        /// What the network said.
        detail: String,
    },
    /// No usable credentials.
    Credentials {
        /// What is wrong with them.
        detail: String,
    },
    /// Settings, environment or shared files are wrong.
    Config {
        /// What is wrong with them.
        detail: String,
    },
    /// The credentials belong to an account that the provider block excludes.
    WrongAccount {
        /// Which account, and which list.
        detail: String,
    },
    /// The operation was canceled.
    Cancelled,
    /// The operation was canceled, and a request that changes something was still without an
    /// answer ten seconds later.
    GivenUp,
    /// An answer that cannot be understood.
    Response {
        /// What is wrong with it.
        detail: String,
        /// The request id to quote to AWS support.
        request_id: Option<String>,
    },
}

impl AwsError {
    /// An error of one call; the hint is looked up.
    pub fn new(service: Service, operation: &'static str, kind: ErrorKind) -> Self {
        let hint = hint::of(service, operation, &kind);
        Self(Box::new(Inner { call: Some((service, operation)), kind, hint, is_outage: false }))
    }

    /// A configuration error: a sentence saying what is wrong, and the fix.
    pub(in crate::aws) fn config(detail: impl Into<String>, fix: impl Into<String>) -> Self {
        let kind = ErrorKind::Config { detail: detail.into() };
        Self(Box::new(Inner { call: None, kind, hint: Some(fix.into()), is_outage: false }))
    }

    /// An error of the account: a sentence saying what is wrong, and the fix.
    pub(in crate::aws) fn wrong_account(detail: impl Into<String>, fix: impl Into<String>) -> Self {
        let kind = ErrorKind::WrongAccount { detail: detail.into() };
        Self(Box::new(Inner { call: None, kind, hint: Some(fix.into()), is_outage: false }))
    }

    /// An error of credentials: a sentence saying what is wrong, and the fix.
    pub(in crate::aws) fn credentials(detail: impl Into<String>, fix: impl Into<String>) -> Self {
        let kind = ErrorKind::Credentials { detail: detail.into() };
        Self(Box::new(Inner { call: None, kind, hint: Some(fix.into()), is_outage: false }))
    }

    /// The operation was canceled before the first call.
    pub(in crate::aws) fn cancelled() -> Self {
        Self(Box::new(Inner { call: None, kind: ErrorKind::Cancelled, hint: None, is_outage: false }))
    }

    /// The same error with another hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The same error as an outage; see [`AwsError::is_outage`].
    #[must_use]
    pub(in crate::aws) fn of_outage(mut self) -> Self {
        self.0.is_outage = true;
        self
    }

    /// What kind of error it is.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The operation that failed, such as `"CreateReplicationGroup"`; `None`
    /// when it failed before any call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.call.map(|(_, operation)| operation)
    }

    /// The service that was called.
    pub fn service(&self) -> Option<Service> {
        self.0.call.map(|(service, _)| service)
    }

    /// AWS's error code, exactly as it was sent.
    pub fn code(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Service { code, .. } => Some(code),
            _ => None,
        }
    }

    /// AWS's message.
    pub fn message(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Service { message, .. } => Some(message),
            _ => None,
        }
    }

    /// Whether AWS's code is one of these. The suffixes `Fault` and `Exception`
    /// do not count: ElastiCache's model and its answers disagree on them
    /// (`CacheClusterNotFound` but `ReplicationGroupNotFoundFault`).
    pub fn is(&self, codes: &[&str]) -> bool {
        self.code().is_some_and(|code| codes.iter().any(|expected| stem(expected) == stem(code)))
    }

    /// The id of the request, to quote to AWS support.
    pub fn request_id(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Service { request_id, .. } | ErrorKind::Response { request_id, .. } => {
                request_id.as_deref()
            }
            _ => None,
        }
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Whether the call was given up because the operation was canceled.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Cancelled | ErrorKind::GivenUp)
    }

    /// Whether the credentials belong to an account that the provider block excludes.
    pub fn is_wrong_account(&self) -> bool {
        matches!(self.0.kind, ErrorKind::WrongAccount { .. })
    }

    /// Whether AWS answered, and the answer cannot be understood.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Response { .. })
    }

    /// Whether no answer came: no connection, or none in time.
    pub(in crate::aws) fn is_without_answer(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Dispatch { .. } | ErrorKind::Timeout { .. })
    }

    /// Whether no answer came from an endpoint that has answered before, and the same call can be made again without
    /// harm: it changes nothing, or was not sent.
    pub fn is_outage(&self) -> bool {
        self.0.is_outage
    }

    /// Whether the request was sent, and nobody knows what became of it.
    pub fn is_unanswered(&self) -> bool {
        matches!(self.0.kind, ErrorKind::GivenUp | ErrorKind::Timeout { .. })
    }

    fn text(&self) -> String {
        let mut text = match self.0.call {
            Some((service, operation)) => format!("{service} {operation}: {}", self.0.kind),
            None if self.0.kind == ErrorKind::Cancelled => "The operation was canceled.".to_owned(),
            None => self.0.kind.to_string(),
        };
        if let Some(hint) = &self.0.hint {
            text.push(' ');
            text.push_str(hint);
        }
        text
    }
}

fn stem(code: &str) -> &str {
    code.strip_suffix("Fault").or_else(|| code.strip_suffix("Exception")).unwrap_or(code)
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service { code, message, request_id, http_status } => {
                let message = message.trim().trim_end_matches('.');
                match message.is_empty() {
                    true => write!(f, "{code} (HTTP {http_status}")?,
                    false => write!(f, "{code}: {message} (HTTP {http_status}")?,
                }
                match request_id {
                    Some(id) => write!(f, ", request id {id})."),
                    None => write!(f, ")."),
                }
            }
            Self::Timeout { detail } => write!(f, "no answer in time: {detail}."),
            Self::Dispatch { detail } => write!(f, "the request could not be sent: {detail}."),
            Self::Credentials { detail } | Self::Config { detail } | Self::WrongAccount { detail } => {
                f.write_str(detail)
            }
            Self::Cancelled => f.write_str("the operation was canceled."),
            Self::GivenUp => f.write_str(
                "the operation was canceled, and AWS did not answer within ten seconds; it may carry out the request all the same.",
            ),
            Self::Response { detail, request_id } => {
                write!(f, "the answer could not be understood: {detail}")?;
                match request_id {
                    Some(id) => write!(f, " (request id {id})."),
                    None => write!(f, "."),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service_error(code: &str, message: &str) -> AwsError {
        let kind = ErrorKind::Service {
            code: code.to_owned(),
            message: message.to_owned(),
            request_id: Some("r-1".to_owned()),
            http_status: 400,
        };
        AwsError::new(Service::ElastiCache, "ModifyReplicationGroup", kind)
    }

    #[test]
    fn says_what_was_called_and_what_aws_said() {
        let error = service_error("InvalidReplicationGroupState", "Replication group must be available.");
        assert_eq!(
            error.to_string(),
            "ElastiCache ModifyReplicationGroup: InvalidReplicationGroupState: \
             Replication group must be available (HTTP 400, request id r-1)."
        );
        assert_eq!(error.code(), Some("InvalidReplicationGroupState"));
        assert_eq!(error.request_id(), Some("r-1"));
    }

    #[test]
    fn codes_match_with_and_without_their_suffix() {
        let error = service_error("ReplicationGroupNotFoundFault", "");
        assert!(error.is(&["ReplicationGroupNotFound"]));
        assert!(error.is(&["CacheClusterNotFound", "ReplicationGroupNotFoundFault"]));
        assert!(!error.is(&["ReplicationGroupNotFoundFau"]));
        assert_eq!(
            error.to_string(),
            "ElastiCache ModifyReplicationGroup: ReplicationGroupNotFoundFault (HTTP 400, request id r-1)."
        );
    }
}
