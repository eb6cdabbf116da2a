//! The faults of the matrix.

use std::time::Duration;

use crate::simulator::InjectedFault;

/// Codes of the errors of each operation, as the API models list them: service, action, codes.
const CODES: &str = include_str!("codes.txt");

/// A fault, and what an error that it causes must say.
#[derive(Debug, Clone)]
pub struct Misfortune {
    pub name: String,
    pub fault: InjectedFault,
    pub says: Says,
}

/// What AWS said in its answer, so that an error can say it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// Nothing that could be understood.
    Nothing,
    /// A code that each service words in its own way, and a request ID.
    RequestId,
    /// This code and a request ID.
    Code(String),
}

/// Faults of the way to AWS and of every service.
pub const COMMON: &[(&str, InjectedFault, bool)] = &[
    ("throttled", InjectedFault::Throttle, true),
    ("internal error", InjectedFault::Status5xx, true),
    ("access denied", InjectedFault::Deny, true),
    ("bad gateway with HTML", InjectedFault::BadGateway, false),
    ("reset before it is applied", InjectedFault::Reset, false),
    ("reset after it is applied", InjectedFault::AppliedButResponseLost, false),
    ("five seconds late", InjectedFault::Slow(Duration::from_secs(5)), false),
    ("ten minutes late", InjectedFault::Slow(Duration::from_secs(600)), false),
    ("applied, body empty", InjectedFault::TruncatedBody(0.0), false),
    ("applied, body ends early", InjectedFault::TruncatedBody(0.4), false),
    ("applied, body ends late", InjectedFault::TruncatedBody(0.9), false),
    ("applied, connection cut before the body", InjectedFault::CutBody(0.0), false),
    ("applied, connection cut within the body", InjectedFault::CutBody(0.6), false),
    ("applied, body is garbage", InjectedFault::Garbled, false),
    ("not applied, body is garbage", InjectedFault::Unreadable, false),
    ("not applied, success without content", InjectedFault::Ignored, false),
    ("request quoted in the message", InjectedFault::Quoted, true),
];

/// Codes that any call can be refused with (each service's page of common errors).
pub const COMMON_CODES: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "OptInRequired",
    "ValidationError",
    "NotAModelledError",
];

/// A page that repeats its token: for calls that list.
pub const PAGE: &str = "page token repeats";

/// Whether an operation only reads.
pub fn reads(action: &str) -> bool {
    ["Describe", "List", "Get", "BatchGet"].iter().any(|verb| action.starts_with(verb))
}

/// Codes that claim something of the object which is not so: a service that says this of an object that exists, or of
/// one that does not, cannot be told from one that is right.
pub fn is_claim(code: &str) -> bool {
    ["NotFound", "AlreadyExists", "NoSuch", "Exists", "ResourceNotFound"]
        .iter()
        .any(|claim| code.contains(claim))
}

/// Codes that say that something is in the middle of another change: the same call succeeds once that has ended. Not
/// those of networks, which stay as they are, and of cache security groups, which AWS has retired.
pub fn passes(code: &str) -> bool {
    let stays = ["Network", "SecurityGroup"].iter().any(|object| code.contains(object));
    code.starts_with("Invalid") && code.contains("State") && !stays || PASSING.contains(&code)
}

const PASSING: &[&str] = &[
    "ConcurrentModificationException",
    "ConflictException",
    "OperationAbortedException",
    "ResourceConflict",
    "TooManyUpdates",
];

/// Every fault of a call.
pub fn of(service: &str, action: &str) -> Vec<Misfortune> {
    let mut all: Vec<Misfortune> = COMMON
        .iter()
        .map(|(name, fault, answered)| Misfortune {
            name: (*name).to_owned(),
            fault: fault.clone(),
            says: if *answered { Says::RequestId } else { Says::Nothing },
        })
        .collect();
    if reads(action) {
        let fault = InjectedFault::Page("again".to_owned());
        all.push(Misfortune { name: PAGE.to_owned(), fault, says: Says::Nothing });
    }
    let own = CODES.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let own = own.filter(|words| words.first() == Some(&service) && words.get(1) == Some(&action));
    let own = own.flat_map(|words| words.into_iter().skip(2)).filter(|code| !is_claim(code));
    for code in COMMON_CODES.iter().copied().chain(own) {
        let fault = InjectedFault::code(code, "It is refused by the matrix.");
        all.push(Misfortune { name: format!("code {code}"), fault, says: Says::Code(code.to_owned()) });
    }
    all
}

#[test]
fn every_call_has_at_least_twenty_faults() {
    for line in CODES.lines() {
        let mut words = line.split(' ');
        let (service, action) = (words.next().unwrap(), words.next().unwrap());
        assert!(of(service, action).len() >= 20, "{line}");
    }
    assert!(of("ec2", "CreateSecurityGroup").len() >= 20);
}
