//! Scripted misfortune: what is to go wrong, at which call.

use super::answer::Encoded;
use super::lock;
use super::protocol;
use super::route::Request;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum InjectedFault {
    /// Refused as too fast, in the service's own words.
    Throttle,
    /// An internal failure of the service (500), in the form of its protocol.
    Status5xx,
    /// A 502 with a page of HTML, as something between client and service answers.
    BadGateway,
    /// The connection is reset; nothing was done.
    Reset,
    /// The answer comes late, by real time.
    Slow(Duration),
    /// Carried out, but of the answer only this fraction is sent, with a length that says so:
    /// nothing in HTTP tells that it is not whole.
    TruncatedBody(f64),
    /// Carried out, but the connection is cut after this fraction of the announced answer.
    CutBody(f64),
    /// Carried out, but the connection is reset before the answer.
    AppliedButResponseLost,
    /// Answered as a success, but not carried out.
    Ignored,
    /// Answered with success and a body that is not the service's; nothing was done.
    Unreadable,
    /// Carried out, and answered with success and a body that is not the service's.
    Garbled,
    /// Answered with an empty page, and this token for the next one.
    Page(String),
    /// Refused with a message that quotes the whole request, as proxies do.
    Quoted,
    /// Not carried out, and answered with everything that was sent, headers included.
    Echo(Echo),
    /// Not carried out, and answered with this document, for services that answer with one.
    Document(serde_json::Value),
    /// Carried out, and answered with what this makes of the answer.
    Rewritten(Rewrite),
    /// Refused for want of permission, in the service's own words.
    Deny,
    /// Refused with this code and message (400).
    Code {
        /// Error code.
        code: String,
        /// Message.
        message: String,
    },
}

/// How the end of a body is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// By its length.
    Whole,
    /// By chunks.
    Chunked,
    /// By this length, whatever the body has.
    Announced(usize),
}

type Rewriter = dyn Fn(&str, &str, Encoded) -> (Encoded, Framing) + Send + Sync;

/// Makes another answer of the answer to a call of this service and action.
#[derive(Clone)]
pub struct Rewrite(Arc<Rewriter>);

impl Rewrite {
    /// By this function.
    pub fn new(by: impl Fn(&str, &str, Encoded) -> (Encoded, Framing) + Send + Sync + 'static) -> Self {
        Self(Arc::new(by))
    }

    pub(super) fn apply(&self, request: &Request, answer: Encoded) -> (Encoded, Framing) {
        (self.0)(request.service, &request.action, answer)
    }
}

impl fmt::Debug for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rewrite")
    }
}

impl PartialEq for Rewrite {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl InjectedFault {
    /// Refused with this code and message.
    pub fn code(code: &str, message: &str) -> Self {
        Self::Code { code: code.to_owned(), message: message.to_owned() }
    }

    /// What the service says, where the fault is an answer of the service.
    pub(super) fn refusal(&self, request: &Request) -> Option<protocol::ServiceError> {
        match self {
            Self::Throttle => Some(throttled(request.service)),
            Self::Status5xx => Some(protocol::ServiceError { status: 500, ..internal(request.service) }),
            Self::Deny => Some(denied(request)),
            Self::Code { code, message } => Some(protocol::ServiceError::new(code, message.as_str())),
            Self::Quoted => {
                let message = format!("The request {} is not valid", request.parameters());
                Some(protocol::ServiceError::new("InvalidParameterValue", message))
            }
            Self::Echo(Echo { place: EchoedIn::Message, write, .. }) => {
                Some(protocol::ServiceError::new("InvalidParameterValue", write(&request.raw)))
            }
            _ => None,
        }
    }
}

/// How a request is sent back.
#[derive(Clone, Copy)]
pub struct Echo {
    /// Name of the form.
    pub form: &'static str,
    /// Where it stands.
    pub place: EchoedIn,
    /// Writes the request in that form.
    pub write: fn(&str) -> String,
}

/// Where an echo stands in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EchoedIn {
    /// In the message of an error of the service.
    Message,
    /// In a page of HTML with this status.
    Page(u16),
}

impl fmt::Debug for Echo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Echo({}, {:?})", self.form, self.place)
    }
}

impl PartialEq for Echo {
    fn eq(&self, other: &Self) -> bool {
        (self.form, self.place) == (other.form, other.place)
    }
}

/// Throttling as each service words it (each service's page of common errors; EC2's "Request
/// throttling" for `RequestLimitExceeded`, the tagging API's model for `ThrottledException`).
fn throttled(service: &str) -> protocol::ServiceError {
    match service {
        "ec2" => protocol::ServiceError {
            status: 503,
            ..protocol::ServiceError::new("RequestLimitExceeded", "Request limit exceeded.")
        },
        "tagging" => protocol::ServiceError::new("ThrottledException", "Rate exceeded"),
        "elasticache" | "sts" | "cloudwatch" => protocol::ServiceError::new("Throttling", "Rate exceeded"),
        _ => protocol::ServiceError::new("ThrottlingException", "Rate exceeded"),
    }
}

fn internal(service: &str) -> protocol::ServiceError {
    match service {
        "ssm" => protocol::ServiceError::new("InternalServerError", "An error occurred on the server side."),
        "secretsmanager" => {
            protocol::ServiceError::new("InternalServiceError", "An error occurred on the server side.")
        }
        "ec2" => protocol::ServiceError::new("InternalError", "An internal error has occurred"),
        "cloudwatch" => {
            protocol::ServiceError::new("InternalServiceError", "An internal failure has occurred.")
        }
        _ => protocol::ServiceError::new("InternalFailure", "An internal failure has occurred."),
    }
}

fn denied(request: &Request) -> protocol::ServiceError {
    let message = format!(
        "User: {} is not authorized to perform: {}:{} because no identity-based policy allows the {}:{} action",
        request.caller, request.service, request.action, request.service, request.action,
    );
    match request.service {
        "ec2" => protocol::ServiceError {
            status: 403,
            ..protocol::ServiceError::new(
                "UnauthorizedOperation",
                "You are not authorized to perform this operation.",
            )
        },
        "elasticache" | "sts" | "cloudwatch" => {
            protocol::ServiceError { status: 403, ..protocol::ServiceError::new("AccessDenied", message) }
        }
        _ => protocol::ServiceError::new("AccessDeniedException", message),
    }
}

/// Which calls a fault hits: by default the next one, once.
#[derive(Debug, Clone, PartialEq)]
pub struct On {
    service: Option<String>,
    action: Option<String>,
    with: Vec<(String, String)>,
    skip: u32,
    times: Option<u32>,
}

/// The next call of an action.
pub fn on(service: &str, action: &str) -> On {
    On { service: Some(service.to_owned()), action: Some(action.to_owned()), ..any() }
}

/// The next call of a service.
pub fn on_service(service: &str) -> On {
    On { service: Some(service.to_owned()), ..any() }
}

/// The next call.
pub fn any() -> On {
    On { service: None, action: None, with: Vec::new(), skip: 0, times: Some(1) }
}

impl On {
    /// Only calls with this parameter, named as in [`super::Call::parameter`].
    #[must_use]
    pub fn with(mut self, parameter: &str, value: &str) -> Self {
        self.with.push((parameter.to_owned(), value.to_owned()));
        self
    }

    /// From the nth such call on, counted from 1.
    #[must_use]
    pub fn nth(mut self, nth: u32) -> Self {
        self.skip = nth.saturating_sub(1);
        self
    }

    /// So many calls in a row.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Every such call from then on.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Whether this call is hit; it is counted.
    pub(super) fn hits(&mut self, request: &Request) -> bool {
        if self.times == Some(0) || !self.matches(request) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if let Some(times) = &mut self.times {
            *times -= 1;
        }
        true
    }

    fn matches(&self, request: &Request) -> bool {
        self.service.as_deref().is_none_or(|service| service == request.service)
            && self.action.as_ref().is_none_or(|action| *action == request.action)
            && self.with.iter().all(|(name, value)| request.parameter(name).as_ref() == Some(value))
    }
}

/// The script; copies share it.
#[derive(Debug, Clone, Default)]
pub struct Script(Arc<Mutex<Vec<(On, InjectedFault)>>>);

impl Script {
    pub(super) fn add(&self, on: On, fault: InjectedFault) {
        lock(&self.0).push((on, fault));
    }

    pub(super) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// How many faults have not hit often enough yet; those that hit always are not counted.
    pub(super) fn pending(&self) -> usize {
        lock(&self.0).iter().filter(|(on, _)| on.times.is_some_and(|times| times > 0)).count()
    }

    /// The fault for this call: that of the first entry which matches and is due. Entries after
    /// it do not count the call.
    pub(super) fn take(&self, request: &Request) -> Option<InjectedFault> {
        lock(&self.0).iter_mut().find_map(|(on, fault)| on.hits(request).then(|| fault.clone()))
    }
}
