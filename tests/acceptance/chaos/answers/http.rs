//! Mutations of what is around a body.

use super::answer::Answer;
use super::document::{Document, Format};
use crate::chaos::cells::Law;
use crate::simulator::Framing;

fn other(answer: &mut Answer<'_>, rng: &mut fastrand::Rng, is_same_call: bool) -> Option<Vec<u8>> {
    let call = (answer.call.0.to_owned(), answer.call.1.to_owned());
    let of_format = answer.recorded.iter().filter(|(other, _)| Format::of(&other.0) == answer.format);
    let fitting = of_format.filter(|(other, _)| (**other == call) == is_same_call);
    let bodies: Vec<&Vec<u8>> = fitting.flat_map(|(_, bodies)| bodies).collect();
    let body = (*rng.choice(bodies)?).clone();
    (answer.is_success() && body != answer.encoded.body).then_some(body)
}

/// JSON and CBOR do not say which operation they answer: the body of another one has unknown members only.
pub fn other_operation(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    answer.encoded.body = other(answer, rng, false)?;
    Some(if answer.format == Format::Xml { Law::Fault } else { Law::Statement })
}

pub fn other_call(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    answer.encoded.body = other(answer, rng, true)?;
    Some(Law::Statement)
}

/// Of an error that was not one. XML has another root element then.
pub fn error_body(answer: &mut Answer<'_>, _rng: &mut fastrand::Rng) -> Option<Law> {
    let (body, law) = match answer.format {
        Format::Xml => (
            "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>\
             <RequestId>5104a7ed</RequestId></ErrorResponse>",
            Law::Fault,
        ),
        Format::Json => (r#"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#, Law::Statement),
        Format::Cbor => ("\u{0}", Law::Fault),
    };
    answer.is_success().then(|| answer.encoded.body = body.as_bytes().to_vec())?;
    Some(law)
}

/// The body stays. A status alone says nothing of the object; an error with a status of success is another answer.
pub fn status(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let others = [202, 203, 204, 206, 299, 302, 304, 400, 403, 404, 409, 413, 429, 500, 502, 503, 504, 599];
    let was_success = answer.is_success();
    answer.encoded.status = rng.choice(others)?;
    // A refusal without a code is a refusal.
    let is_refusal = (400..500).contains(&answer.encoded.status);
    Some(if was_success && !is_refusal { Law::Fault } else { Law::Statement })
}

pub fn too_long(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    answer.framing = Framing::Announced(answer.encoded.body.len() + rng.usize(1..1_000_000));
    Some(Law::Fault)
}

pub fn too_short(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let before = answer.document.clone()?;
    let length = rng.usize(..answer.encoded.body.len());
    answer.framing = Framing::Announced(length);
    let cut = Document::read(answer.format, &answer.encoded.body[..length]);
    Some(if cut.is_some_and(|cut| !cut.says(&before)) { Law::Statement } else { Law::Fault })
}

pub fn chunks(answer: &mut Answer<'_>, _rng: &mut fastrand::Rng) -> Option<Law> {
    answer.framing = Framing::Chunked;
    Some(Law::Harmless)
}

/// AWS's own services differ in it.
pub fn content_type(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let others =
        ["application/octet-stream", "text/plain; charset=latin-1", "text/html", "", "x", "a/b; c=\"d"];
    let other = rng.choice(others)?;
    answer.encoded.headers.retain(|(name, _)| *name != "content-type");
    answer.encoded.headers.push(("content-type", other.to_owned()));
    Some(Law::Harmless)
}

/// No client asked for a compressed answer, so it may be refused or read as it is.
pub fn content_encoding(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let others = ["gzip", "br", "deflate", "identity", "zstd, gzip"];
    answer.encoded.headers.push(("content-encoding", rng.choice(others)?.to_owned()));
    Some(Law::Fault)
}

pub fn headers(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    for at in 0..rng.usize(1..60) {
        answer.encoded.headers.push(("x-amzn-future", format!("{at} {}", "a".repeat(rng.usize(..2000)))));
    }
    Some(Law::Harmless)
}

pub fn no_request_id(answer: &mut Answer<'_>, _rng: &mut fastrand::Rng) -> Option<Law> {
    answer.encoded.headers.retain(|(name, _)| *name != "x-amzn-requestid");
    Some(Law::Harmless)
}
