//! CBOR as smithy's RPC v2 uses it, to and from JSON values.

use ciborium::Value as Cbor;
use serde_json::{Map, Number, Value};

/// The document in these bytes; no bytes are an empty one.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    if bytes.is_empty() {
        return Some(Value::Object(Map::new()));
    }
    ciborium::from_reader::<Cbor, _>(bytes).ok().and_then(from_cbor)
}

fn from_cbor(cbor: Cbor) -> Option<Value> {
    Some(match cbor {
        Cbor::Null => Value::Null,
        Cbor::Bool(value) => Value::Bool(value),
        Cbor::Integer(value) => Value::Number(i64::try_from(value).ok()?.into()),
        Cbor::Float(value) => Value::Number(Number::from_f64(value)?),
        Cbor::Text(value) => Value::String(value),
        Cbor::Array(items) => Value::Array(items.into_iter().map(from_cbor).collect::<Option<_>>()?),
        Cbor::Map(pairs) => {
            let pair = |(key, value): (Cbor, Cbor)| Some((key.into_text().ok()?, from_cbor(value)?));
            Value::Object(pairs.into_iter().map(pair).collect::<Option<_>>()?)
        }
        // Tag 1 is a timestamp; JSON has seconds for it as well.
        Cbor::Tag(1, value) => from_cbor(*value)?,
        // CloudWatch's alarms have no blobs.
        _ => return None,
    })
}

/// The bytes of a document. Members named `…Timestamp` are tagged as timestamps; CloudWatch's model
/// names all of its timestamps in that way, and nothing else.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to a vector does not fail.
    let _ = ciborium::into_writer(&to_cbor(value), &mut out);
    out
}

fn to_cbor(value: &Value) -> Cbor {
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(value) => Cbor::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Cbor::Integer(integer.into()),
            None => Cbor::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => Cbor::Text(text.clone()),
        Value::Array(items) => Cbor::Array(items.iter().map(to_cbor).collect()),
        Value::Object(members) => Cbor::Map(
            members
                .iter()
                .map(|(name, value)| {
                    let inner = to_cbor(value);
                    let value =
                        if name.ends_with("Timestamp") { Cbor::Tag(1, Box::new(inner)) } else { inner };
                    (Cbor::Text(name.clone()), value)
                })
                .collect(),
        ),
    }
}
