//! Values, paths and diagnostics on the wire.

use crate::diag::{Diagnostic, Diagnostics, Severity};
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

/// Reads a value that has to be there.
pub(super) fn decode_present(
    message: Option<&pb::DynamicValue>,
    ty: &Type,
    what: &str,
) -> Result<Value, Diagnostic> {
    match message {
        None => Err(Diagnostic::error(
            format!("Missing {what}"),
            format!("The request of the Terraform client carries no {what}."),
        )),
        present => decode(present, ty),
    }
}

/// Writes a value, always as msgpack.
pub(super) fn encode(value: &Value, ty: &Type) -> Result<pb::DynamicValue, Diagnostic> {
    match msgpack::encode(value, ty) {
        Ok(msgpack) => Ok(pb::DynamicValue { msgpack, json: Vec::new() }),
        Err(error) => Err(Diagnostic::bug(format!("A value does not fit its schema: {error}"))),
    }
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
        let message = self::diagnostic(diagnostic);
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    messages
}

/// Writes one diagnostic.
pub(super) fn diagnostic(diagnostic: Diagnostic) -> pb::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => pb::diagnostic::Severity::Error,
        Severity::Warning => pb::diagnostic::Severity::Warning,
    };
    pb::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute: diagnostic.path.as_ref().map(path),
    }
}
