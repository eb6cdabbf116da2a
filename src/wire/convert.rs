//! Values, paths and diagnostics on the wire.

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::engine::IdentitySchema;
use crate::redact::redact;
use crate::schema::Schema;
use crate::value::{EncodeError, Path, Step, Type, Value, json, msgpack};
use crate::wire::proto::tfplugin6 as pb;

/// Reads a value. A missing message and one without content are null, as core has it.
pub(super) fn decode(message: Option<&pb::DynamicValue>, ty: &Type) -> Result<Value, Diagnostic> {
    let Some(message) = message else {
        return Ok(Value::Null);
    };
    let decoded = if !message.msgpack.is_empty() {
        msgpack::decode(&message.msgpack, ty)
    } else if !message.json.is_empty() {
        json::decode_slice(&message.json, ty)
    } else {
        return Ok(Value::Null);
    };
    decoded.map_err(|error| Diagnostic::error("A value from Terraform cannot be read", format!("{error}.")))
}

/// Reads an object of this schema, and remembers its secrets.
pub(super) fn decode_as(schema: &Schema, message: Option<&pb::DynamicValue>) -> Result<Value, Diagnostic> {
    let value = schema.block.listed(decode(message, schema.wire_type())?)?;
    schema.block.remember_secrets(&value);
    Ok(value)
}

/// Reads an object that has to be there.
pub(super) fn decode_present(
    schema: &Schema,
    message: Option<&pb::DynamicValue>,
    what: &str,
) -> Result<Value, Diagnostic> {
    if message.is_none() { Err(missing(what)) } else { decode_as(schema, message) }
}

/// Reads an object that has to be there and must not be null.
pub(super) fn decode_object(
    schema: &Schema,
    message: Option<&pb::DynamicValue>,
    what: &str,
) -> Result<Value, Diagnostic> {
    let value = decode_as(schema, message)?;
    if value.is_null() { Err(missing(what)) } else { Ok(value) }
}

/// The value, unless a part of it is unknown. Terraform never asks to change or to read something by values that are
/// not known yet, and AWS would take them for absent.
pub(super) fn known(value: Value, what: &str) -> Result<Value, Diagnostic> {
    if value.is_wholly_known() {
        return Ok(value);
    }
    let entries = value.as_map().into_iter().flatten();
    let unknown = entries.filter(|(_, value)| !value.is_wholly_known()).map(|(name, _)| name).next();
    let name = unknown.map_or("The object", String::as_str);
    let problem = Diagnostic::error(
        format!("Unknown value in the {what}"),
        format!("{name} is unknown. The Terraform client has to send a {what} whose values are all known."),
    );
    Err(unknown.map_or(problem.clone(), |name| problem.at(Path::attribute(name))))
}

fn missing(what: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Missing {what}"),
        format!("The request of the Terraform client carries no {what}."),
    )
}

/// Writes a value, always as msgpack.
pub(super) fn encode(value: &Value, ty: &Type) -> Result<pb::DynamicValue, Diagnostic> {
    encoded(msgpack::encode(value, ty))
}

fn encoded(encoded: Result<Vec<u8>, EncodeError>) -> Result<pb::DynamicValue, Diagnostic> {
    match encoded {
        Ok(msgpack) => Ok(pb::DynamicValue { msgpack, json: Vec::new() }),
        Err(error) => Err(Diagnostic::bug(format!("A value does not fit its schema: {error}"))),
    }
}

/// Writes a state that was read, with every number as decimal text, which a
/// decoder takes for a number all the same.
///
/// Core compares what Read returns with the stored state including the precision
/// of numbers, and only text gets the precision that the stored JSON has. With
/// binary integers `terraform plan -refresh-only -detailed-exitcode` answers 2
/// though nothing differs (seen with Terraform 1.11.4, hashicorp/terraform issue
/// 36403).
pub(super) fn encode_read(value: &Value, ty: &Type) -> Result<pb::DynamicValue, Diagnostic> {
    encoded(msgpack::encode_with_numbers_as_text(value, ty))
}

/// Reads an identity; null where there is none. That of a plan may have unknown values.
pub(super) fn decode_identity(
    schema: IdentitySchema,
    message: Option<&pb::ResourceIdentityData>,
) -> Result<Value, Diagnostic> {
    decode(message.and_then(|message| message.identity_data.as_ref()), &schema.ty())
}

/// Writes an identity, where there is one.
pub(super) fn encode_identity(
    schema: IdentitySchema,
    identity: &Value,
) -> Result<Option<pb::ResourceIdentityData>, Diagnostic> {
    if identity.is_null() {
        return Ok(None);
    }
    let identity_data = Some(encode(identity, &schema.ty())?);
    Ok(Some(pb::ResourceIdentityData { identity_data }))
}

/// Writes a path.
pub(super) fn path(path: &Path) -> pb::AttributePath {
    use pb::attribute_path::step::Selector;
    let step = |step: &Step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX)),
        };
        pb::attribute_path::Step { selector: Some(selector) }
    };
    pb::AttributePath { steps: path.steps().iter().map(step).collect() }
}

/// Diagnostics of one reply; what is beyond is counted.
const MAX_DIAGNOSTICS: usize = 100;

/// Bytes of a text that are said at its beginning and at its end; what is between may be a value of any length.
const MAX_TEXT: (usize, usize) = (6 * 1024, 2 * 1024);

/// What a cut omits on both sides of it besides: the rest of a secret that is cut there, in any form, if it is too
/// short to be found.
const CUT: usize = 128;

/// Writes diagnostics in the order they were found, each once. Of very many, errors come first.
pub(super) fn diagnostics(diags: Diagnostics) -> Vec<pb::Diagnostic> {
    let mut all: Vec<Diagnostic> = diags.into_iter().collect();
    if all.len() > MAX_DIAGNOSTICS {
        all.sort_by_key(|diagnostic| diagnostic.severity);
    }
    let mut messages: Vec<pb::Diagnostic> = Vec::new();
    let mut rest = all.iter();
    while messages.len() < MAX_DIAGNOSTICS
        && let Some(diagnostic) = rest.next()
    {
        let message = self::diagnostic(diagnostic);
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    if let Some(next) = rest.next() {
        messages.push(diagnostic(&Diagnostic {
            severity: next.severity,
            summary: "More problems than can be shown".to_owned(),
            detail: format!(
                "{} further errors and warnings are not shown. Correct these first.",
                rest.len() + 1
            ),
            path: None,
        }));
    }
    messages
}

/// A text without the secrets that the call knows, and without the middle of a very long one.
pub(super) fn said(text: &str) -> String {
    let (head, tail) = MAX_TEXT;
    if text.len() <= head + tail {
        return redact(text).into_owned();
    }
    let (begin, end) =
        (text.floor_char_boundary(head + CUT), text.ceil_char_boundary(text.len() - tail - CUT));
    let (begin, end) = (redact(&text[..begin]), redact(&text[end..]));
    let begin = &begin[..begin.floor_char_boundary(begin.len().saturating_sub(CUT))];
    let end = &end[end.ceil_char_boundary(CUT)..];
    format!("{begin} (...) {end}")
}

/// Writes one diagnostic, without the secrets that the call knows.
pub(super) fn diagnostic(diagnostic: &Diagnostic) -> pb::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => pb::diagnostic::Severity::Error,
        Severity::Warning => pb::diagnostic::Severity::Warning,
    };
    pb::Diagnostic {
        severity: severity.into(),
        summary: said(&diagnostic.summary),
        detail: said(&diagnostic.detail),
        attribute: diagnostic.path.as_ref().map(path),
    }
}

/// The configuration of what is wanted; only a destroy, which wants nothing, has none.
pub(super) fn config_for(
    schema: &Schema,
    desired: &Value,
    message: Option<&pb::DynamicValue>,
) -> Result<Value, Diagnostic> {
    match desired.is_null() {
        true => decode_as(schema, message),
        false => decode_object(schema, message, "configuration"),
    }
}

/// A state as stored; null when there is none.
pub(super) fn raw_json(raw: &pb::RawState) -> Result<serde_json::Value, Diagnostic> {
    if raw.json.is_empty() && !raw.flatmap.is_empty() {
        return Err(Diagnostic::error(
            "State of an old Terraform",
            "The state is in the form of Terraform 0.11 and earlier. Upgrade it with a Terraform of the 0.12 series \
             first.",
        ));
    }
    if raw.json.is_empty() {
        return Ok(serde_json::Value::Null);
    }
    json::parse(&raw.json).map_err(|error| {
        Diagnostic::error("The stored state cannot be read", format!("It cannot be parsed: {error}."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Block;

    #[test]
    fn numbers_read_are_text_and_still_numbers() {
        let ty = Type::object([("port", Type::Number), ("counts", Type::list(Type::Number))]);
        let value = Value::map([
            ("port", Value::from(6379)),
            ("counts", Value::List(vec![Value::from(1), Value::Null])),
        ]);
        let message = encode_read(&value, &ty).unwrap();
        assert!(message.msgpack.windows(4).any(|bytes| bytes == b"6379"));
        assert_eq!(decode(Some(&message), &ty).unwrap(), value);
    }

    #[test]
    fn nothing_is_null() {
        assert_eq!(decode(None, &Type::String).unwrap(), Value::Null);
        assert_eq!(decode(Some(&pb::DynamicValue::default()), &Type::String).unwrap(), Value::Null);
        let schema = Schema::new(Block::default());
        assert!(decode_present(&schema, None, "state").is_err());
        assert!(decode_object(&schema, Some(&pb::DynamicValue::default()), "state").is_err());
    }

    #[test]
    fn errors_come_before_what_is_not_shown() {
        let mut diags = Diagnostics::new();
        for i in 0..500 {
            diags.warning_at(Path::attribute("name"), "Unusual name", format!("Name {i}."));
        }
        diags.error_at(Path::attribute("name"), "Invalid name", "It is.");
        let sent = diagnostics(diags);
        assert_eq!((sent.len(), sent[0].summary.as_str()), (MAX_DIAGNOSTICS + 1, "Invalid name"));
        let last = &sent[MAX_DIAGNOSTICS];
        assert_eq!(last.severity(), pb::diagnostic::Severity::Warning);
        assert_eq!(last.detail, "401 further errors and warnings are not shown. Correct these first.");
    }

    #[tokio::test]
    async fn long_text_keeps_its_ends_and_no_piece_of_a_secret() {
        use crate::redact::{self, Secrets};
        let secrets = Secrets::new();
        secrets.remember("a-secret-of-the-test-0123456789");
        let text = |before: usize| {
            format!(
                "Begin {} a-secret-of-the-test-0123456789 {} request id 7",
                "b".repeat(before),
                "c".repeat(50_000)
            )
        };
        redact::scope(secrets, async {
            for before in ((MAX_TEXT.0 + CUT - 60)..(MAX_TEXT.0 + CUT + 10)).step_by(5) {
                let said = said(&text(before));
                assert!(said.starts_with("Begin b") && said.ends_with("c request id 7"), "{before}");
                assert!(said.len() < 9_000 && said.contains(" (...) "), "{before}: {}", said.len());
                assert!(!said.contains("a-sec") && !said.contains("of-the-test"), "{before}");
            }
        })
        .await;
        assert_eq!(said("short"), "short");
    }

    #[test]
    fn unknown_value_is_an_error_at_its_attribute() {
        let object = |name: Value| Value::map([("id", Value::from("a")), ("names", Value::List(vec![name]))]);
        assert_eq!(known(object("b".into()), "state"), Ok(object("b".into())));
        assert_eq!(known(Value::Null, "state"), Ok(Value::Null));
        let error = known(object(Value::Unknown), "state").unwrap_err();
        assert_eq!(
            (error.summary.as_str(), error.path),
            ("Unknown value in the state", Some(Path::attribute("names")))
        );
        assert_eq!(known(Value::Unknown, "state").unwrap_err().path, None);
    }

    #[test]
    fn a_diagnostic_is_sent_once() {
        let mut diags = Diagnostics::new();
        diags.error_at(Path::attribute("name"), "Invalid name", "It is.");
        diags.error_at(Path::attribute("name"), "Invalid name", "It is.");
        assert_eq!(diagnostics(diags).len(), 1);
    }
}
