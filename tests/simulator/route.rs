//! Which service and action a request is for, from where, and what it says.

use super::protocol::{Params, Place, ServiceError};
use super::sts::Sessions;
use super::{calls, cbor, query};
use hyper::HeaderMap;
use serde_json::{Map, Value};

/// The account of access keys that do not name another.
pub const DEFAULT_ACCOUNT: &str = "123456789012";
/// The region of requests that are not signed.
const DEFAULT_REGION: &str = "us-east-1";

/// How a request is written, and its answer in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// AWS query: a form in, XML out.
    Query,
    /// EC2's variant of it.
    Ec2,
    /// AWS JSON 1.0.
    Json10,
    /// AWS JSON 1.1.
    Json11,
    /// Smithy's RPC v2 in CBOR.
    Cbor,
}

/// What a request says.
#[derive(Debug, Clone)]
pub enum Payload {
    /// Parameters of a query.
    Form(Params),
    /// The document of a JSON or CBOR request.
    Document(Value),
}

/// A request that has found its service.
#[derive(Debug, Clone)]
pub struct Request {
    /// Service, such as `elasticache`.
    pub service: &'static str,
    /// Action.
    pub action: String,
    /// Protocol.
    pub protocol: Protocol,
    /// Account and region.
    pub place: Place,
    /// ARN of who calls.
    pub caller: String,
    /// What is asked.
    pub payload: Payload,
    /// The headers, a line for each.
    pub headers: String,
    /// Path and query, headers and body as they came.
    pub raw: String,
}

impl Request {
    /// The parameters for the record.
    pub fn parameters(&self) -> Value {
        match &self.payload {
            Payload::Document(document) => document.clone(),
            Payload::Form(params) => {
                let observed = params.0.iter().filter(|(name, _)| *name != "Action" && *name != "Version");
                Value::Object(observed.map(|(name, value)| (name.clone(), value.as_str().into())).collect())
            }
        }
    }

    /// One parameter, named as in [`calls::Call::parameter`].
    pub fn parameter(&self, path: &str) -> Option<String> {
        calls::lookup(&self.parameters(), path)
    }
}

/// Finds the service of a request by its target header, its path or its form.
pub fn route(
    path: &str,
    query: &str,
    headers: &HeaderMap,
    body: &[u8],
    sessions: &Sessions,
) -> Result<Request, ServiceError> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let credential = header("authorization").and_then(Credential::read);
    let (service, action, protocol, payload) = if let Some(target) = header("x-amz-target") {
        let (prefix, action) = target.split_once('.').unwrap_or((target, ""));
        let (service, protocol) = json_service(prefix).ok_or_else(|| unknown(target))?;
        (service, action.to_owned(), protocol, Payload::Document(json_document(body)?))
    } else if header("smithy-protocol") == Some("rpc-v2-cbor") {
        let (service, action) = cbor_target(path).ok_or_else(|| unknown(path))?;
        let serial = || ServiceError::new("SerializationException", "The request body is not readable CBOR");
        let document = cbor::read(body).ok_or_else(serial)?;
        (service, action.to_owned(), Protocol::Cbor, Payload::Document(document))
    } else {
        let body = String::from_utf8_lossy(body);
        let params = query::parse(if body.is_empty() { query } else { &body });
        let version = params.get("Version").unwrap_or_default();
        let scope = credential.as_ref().map_or("", |credential| credential.service);
        let service = query_service(version, scope).ok_or_else(|| unknown(path))?;
        let protocol = if service == "ec2" { Protocol::Ec2 } else { Protocol::Query };
        (service, params.get("Action").unwrap_or_default().to_owned(), protocol, Payload::Form(params))
    };
    let key = credential.as_ref().map_or("", |credential| credential.key);
    let (account, caller) = sessions.who(key);
    let region = credential.map_or(DEFAULT_REGION, |credential| credential.region).to_owned();
    let lines = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        format!("{name}: {value}\r\n")
    });
    let headers: String = lines.collect();
    let raw = format!("POST {path}?{query} HTTP/1.1\r\n{headers}\r\n{}", String::from_utf8_lossy(body));
    Ok(Request { service, action, protocol, place: Place { account, region }, caller, payload, headers, raw })
}

fn unknown(what: &str) -> ServiceError {
    ServiceError {
        status: 404,
        ..ServiceError::new("UnknownOperationException", format!("No service here answers to {what}"))
    }
}

fn json_document(body: &[u8]) -> Result<Value, ServiceError> {
    if body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_slice(body)
        .map_err(|_| ServiceError::new("SerializationException", "The request body is not JSON"))
}

/// Target prefixes and JSON versions as in the API models.
fn json_service(prefix: &str) -> Option<(&'static str, Protocol)> {
    Some(match prefix {
        "AmazonSSM" => ("ssm", Protocol::Json11),
        "secretsmanager" => ("secretsmanager", Protocol::Json11),
        "Logs_20140328" => ("logs", Protocol::Json11),
        "ResourceGroupsTaggingAPI_20170126" => ("tagging", Protocol::Json11),
        "GraniteServiceVersion20100801" => ("cloudwatch", Protocol::Json10),
        _ => return None,
    })
}

/// `/service/GraniteServiceVersion20100801/operation/PutMetricAlarm`
fn cbor_target(path: &str) -> Option<(&'static str, &str)> {
    let action = path.strip_prefix("/service/GraniteServiceVersion20100801/operation/")?;
    Some(("cloudwatch", action))
}

/// Versions are told apart more surely than scopes, which a client may be configured to change.
fn query_service(version: &str, scope: &str) -> Option<&'static str> {
    Some(match (version, scope) {
        ("2015-02-02", _) => "elasticache",
        ("2011-06-15", _) => "sts",
        ("2010-08-01", _) => "cloudwatch",
        ("2016-11-15", _) => "ec2",
        (_, "elasticache") => "elasticache",
        (_, "sts") => "sts",
        (_, "monitoring") => "cloudwatch",
        (_, "ec2") => "ec2",
        _ => return None,
    })
}

/// The credential of a SigV4 signature: `Credential=KEY/20260105/eu-west-1/ssm/aws4_request`.
struct Credential<'a> {
    key: &'a str,
    region: &'a str,
    service: &'a str,
}

impl<'a> Credential<'a> {
    fn read(authorization: &'a str) -> Option<Self> {
        let rest = authorization.split_once("Credential=")?.1;
        let scope = rest.split([',', ' ']).next()?;
        let mut parts = scope.split('/');
        let (key, _date) = (parts.next()?, parts.next()?);
        Some(Self { key, region: parts.next()?, service: parts.next()? })
    }
}
