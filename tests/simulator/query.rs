//! The query protocols: forms in, XML out, in AWS's common form and in EC2's own.

use super::protocol::{Params, ServiceError, Xml};
use super::xml;
use percent_encoding::percent_decode_str;

/// The pairs of `application/x-www-form-urlencoded` text.
pub(super) fn parse(form: &str) -> Params {
    let decode = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = form.split('&').filter(|pair| !pair.is_empty());
    Params(
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(k, v)| (decode(k), decode(v)))
            .collect(),
    )
}

fn namespace(service: &str) -> &'static str {
    match service {
        "elasticache" => " xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"",
        "cloudwatch" => " xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"",
        "ec2" => " xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"",
        _ => " xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"",
    }
}

/// An answer in the common form.
pub(super) fn answer(service: &str, action: &str, result: Vec<Xml>, id: &str) -> String {
    let children = [
        Xml::Element(format!("{action}Result"), result),
        Xml::element("ResponseMetadata", vec![Xml::text("RequestId", id)]),
    ];
    xml::write(&format!("{action}Response"), namespace(service), &children)
}

/// A refusal in the common form.
pub(super) fn refusal(service: &str, fault: &ServiceError, id: &str) -> String {
    let who = if fault.status >= 500 { "Receiver" } else { "Sender" };
    let error =
        vec![Xml::text("Type", who), Xml::text("Code", &fault.code), Xml::text("Message", &fault.message)];
    xml::write(
        "ErrorResponse",
        namespace(service),
        &[Xml::element("Error", error), Xml::text("RequestId", id)],
    )
}

/// An answer in EC2's form.
pub(super) fn ec2_answer(action: &str, result: Vec<Xml>, id: &str) -> String {
    let children: Vec<Xml> = std::iter::once(Xml::text("requestId", id)).chain(result).collect();
    xml::write(&format!("{action}Response"), namespace("ec2"), &children)
}

/// A refusal in EC2's form.
pub(super) fn ec2_refusal(fault: &ServiceError, id: &str) -> String {
    let error = vec![Xml::text("Code", &fault.code), Xml::text("Message", &fault.message)];
    let errors = Xml::element("Errors", vec![Xml::element("Error", error)]);
    xml::write("Response", "", &[errors, Xml::text("RequestID", id)])
}
