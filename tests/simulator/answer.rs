//! Answers and refusals in the form of each protocol.

use super::protocol::{ServiceError, Xml};
use super::route::{Protocol, Request};
use super::{cbor, cloudwatch, json, query};
use serde_json::Value;

/// What a service answers.
#[derive(Debug)]
pub enum Answer {
    /// Elements, for the query protocols.
    Elements(Vec<Xml>),
    /// A document; null where the API model has no output.
    Document(Value),
}

/// A response ready to be sent.
#[derive(Debug)]
pub struct Encoded {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// An answer without content, but for the token of the next page. Services name it differently.
pub fn empty(request: &Request, token: Option<&str>) -> Answer {
    match request.protocol {
        Protocol::Query | Protocol::Ec2 => {
            let token = token.map(|token| ["Marker", "nextToken"].map(|name| Xml::text(name, token)));
            Answer::Elements(token.into_iter().flatten().collect())
        }
        _ => {
            let names = ["NextToken", "nextToken", "PaginationToken"];
            let token = token.map(|token| names.map(|name| (name.to_owned(), Value::from(token))));
            Answer::Document(Value::Object(token.into_iter().flatten().collect()))
        }
    }
}

/// The response to a request.
pub fn encode(request: &Request, outcome: Result<Answer, ServiceError>, id: &str) -> Encoded {
    match outcome {
        Ok(answer) => accepted(request, answer, id),
        Err(fault) => refused(request, &fault, id),
    }
}

fn accepted(request: &Request, answer: Answer, id: &str) -> Encoded {
    let (service, action) = (request.service, request.action.as_str());
    let body = match (request.protocol, answer) {
        (Protocol::Cbor, Answer::Document(Value::Null)) => Vec::new(),
        (Protocol::Cbor, Answer::Document(document)) => cbor::write(&document),
        (Protocol::Json10 | Protocol::Json11, Answer::Document(Value::Null)) => Vec::new(),
        (Protocol::Json10 | Protocol::Json11, Answer::Document(document)) => {
            document.to_string().into_bytes()
        }
        (Protocol::Ec2, Answer::Elements(elements)) => query::ec2_answer(action, elements, id).into_bytes(),
        (_, Answer::Elements(elements)) => query::answer(service, action, elements, id).into_bytes(),
        (_, Answer::Document(document)) => {
            query::answer(service, action, cloudwatch::wire::elements(&document), id).into_bytes()
        }
    };
    Encoded { status: 200, headers: headers(request.protocol, id), body }
}

fn refused(request: &Request, fault: &ServiceError, id: &str) -> Encoded {
    let mut headers = headers(request.protocol, id);
    let body = match request.protocol {
        Protocol::Query => query::refusal(request.service, fault, id).into_bytes(),
        Protocol::Ec2 => query::ec2_refusal(fault, id).into_bytes(),
        Protocol::Json11 => json::refusal(request.service, fault).to_string().into_bytes(),
        Protocol::Json10 | Protocol::Cbor => {
            // CloudWatch is "awsQueryCompatible": the code of the old query protocol stands in a
            // header, that of the model in the body.
            let who = if fault.status >= 500 { "Receiver" } else { "Sender" };
            headers.push(("x-amzn-query-error", format!("{};{who}", fault.code)));
            let shape = format!("com.amazonaws.cloudwatch#{}", cloudwatch::wire::shape_of(&fault.code));
            let document = serde_json::json!({ "__type": shape, "message": fault.message });
            match request.protocol {
                Protocol::Cbor => cbor::write(&document),
                _ => document.to_string().into_bytes(),
            }
        }
    };
    Encoded { status: fault.status, headers, body }
}

fn headers(protocol: Protocol, id: &str) -> Vec<(&'static str, String)> {
    let kind = match protocol {
        Protocol::Query => "text/xml",
        Protocol::Ec2 => "text/xml;charset=UTF-8",
        Protocol::Json10 => "application/x-amz-json-1.0",
        Protocol::Json11 => "application/x-amz-json-1.1",
        Protocol::Cbor => "application/cbor",
    };
    let mut headers = vec![("content-type", kind.to_owned()), ("x-amzn-requestid", id.to_owned())];
    if protocol == Protocol::Cbor {
        headers.push(("smithy-protocol", "rpc-v2-cbor".to_owned()));
    }
    headers
}

/// The response to a request that found no service.
pub fn lost(fault: &ServiceError, id: &str) -> Encoded {
    let headers =
        vec![("content-type", "application/x-amz-json-1.1".to_owned()), ("x-amzn-requestid", id.to_owned())];
    Encoded { status: fault.status, headers, body: json::refusal("", fault).to_string().into_bytes() }
}
