//! Values, paths and diagnostics on the wire.

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::engine::IdentitySchema;
use crate::redact::redact;
use crate::schema::Schema;
use crate::value::{Path, Step, Type, Value, json, msgpack};
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

fn missing(what: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Missing {what}"),
        format!("The request of the Terraform client carries no {what}."),
    )
}

/// Writes a value, always as msgpack.
pub(super) fn encode(value: &Value, ty: &Type) -> Result<pb::DynamicValue, Diagnostic> {
    match msgpack::encode(value, ty) {
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
    encode(&numbers_as_text(value), &numbers_as_string(ty))
}

fn numbers_as_text(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::List(items) => Value::List(items.iter().map(numbers_as_text).collect()),
        Value::Set(items) => Value::Set(items.iter().map(numbers_as_text).collect()),
        Value::Map(entries) => {
            Value::Map(entries.iter().map(|(key, item)| (key.clone(), numbers_as_text(item))).collect())
        }
        other => other.clone(),
    }
}

fn numbers_as_string(ty: &Type) -> Type {
    match ty {
        Type::Number => Type::String,
        Type::List(element) => Type::list(numbers_as_string(element)),
        Type::Set(element) => Type::set(numbers_as_string(element)),
        Type::Map(element) => Type::map(numbers_as_string(element)),
        Type::Object(attributes) => {
            Type::object(attributes.iter().map(|(name, ty)| (name.clone(), numbers_as_string(ty))))
        }
        Type::Tuple(elements) => Type::Tuple(elements.iter().map(numbers_as_string).collect()),
        other => other.clone(),
    }
}

/// Reads an identity; null where there is none.
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

/// Writes diagnostics in the order they were found, each once.
pub(super) fn diagnostics(diags: Diagnostics) -> Vec<pb::Diagnostic> {
    let mut messages: Vec<pb::Diagnostic> = Vec::new();
    for diagnostic in diags {
        let message = self::diagnostic(&diagnostic);
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    messages
}

/// Writes one diagnostic, without the secrets that the call knows.
pub(super) fn diagnostic(diagnostic: &Diagnostic) -> pb::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => pb::diagnostic::Severity::Error,
        Severity::Warning => pb::diagnostic::Severity::Warning,
    };
    pb::Diagnostic {
        severity: severity.into(),
        summary: redact(&diagnostic.summary).into_owned(),
        detail: redact(&diagnostic.detail).into_owned(),
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
    serde_json::from_slice(&raw.json).map_err(|error| {
        Diagnostic::error("The stored state cannot be read", format!("It is not valid JSON: {error}."))
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
    fn a_diagnostic_is_sent_once() {
        let mut diags = Diagnostics::new();
        diags.error_at(Path::attribute("name"), "Invalid name", "It is.");
        diags.error_at(Path::attribute("name"), "Invalid name", "It is.");
        assert_eq!(diagnostics(diags).len(), 1);
    }
}
