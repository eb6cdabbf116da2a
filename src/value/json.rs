//! The JSON form, in which Terraform keeps values in state.
//!
//! Natural JSON, with numbers of any length. A value in a place of type dynamic
//! is `{"value": …, "type": …}`. Unknown values have no JSON form.
//!
//! A state may have been written by an older version of the provider, so reading
//! is lenient where writing is not: an attribute that is absent is null, one that
//! no longer exists is dropped, and a primitive of another type is converted as
//! Terraform itself would.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::codec::{DecodeError, EncodeError, Fault, MAX_DEPTH, MAX_VALUES, Problem, Within};
use super::{Map, Number, Type, Value, normalise};

/// Reads a value of type `ty`.
pub fn decode(json: &Json, ty: &Type) -> Result<Value, DecodeError> {
    Ok(read(json, ty, MAX_DEPTH)?)
}

/// Reads a value of type `ty` from JSON text.
pub fn decode_slice(bytes: &[u8], ty: &Type) -> Result<Value, DecodeError> {
    decode(&parse(bytes)?, ty)
}

/// Reads JSON text from another process. Text of too many values is not parsed, since each takes much more memory than
/// its text.
///
/// # Errors
/// Text that is not JSON or has too many values.
pub fn parse(bytes: &[u8]) -> Result<Json, DecodeError> {
    if has_too_many_values(bytes) {
        return Err(Fault::from(Problem::TooMany).into());
    }
    let invalid = |e: serde_json::Error| Fault::from(Problem::Json { line: e.line(), column: e.column() });
    Ok(serde_json::from_slice(bytes).map_err(invalid)?)
}

/// Counts what precedes a value: the beginnings of arrays and objects, and commas.
fn has_too_many_values(bytes: &[u8]) -> bool {
    let (mut count, mut is_quoted, mut is_escaped) = (0, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_quoted,
            b'"' => is_quoted = !is_quoted,
            b'[' | b'{' | b',' if !is_quoted => count += 1,
            _ => {}
        }
    }
    count > MAX_VALUES
}

/// Writes a value of type `ty`, which must be wholly known.
pub fn encode(value: &Value, ty: &Type) -> Result<Json, EncodeError> {
    Ok(write(value, ty)?)
}

fn read(json: &Json, ty: &Type, depth: u8) -> Result<Value, Fault> {
    let depth = depth.checked_sub(1).ok_or(Problem::TooDeep)?;
    let required = || Problem::Required(ty.required());
    match (ty, json) {
        (_, Json::Null) => Ok(Value::Null),
        (Type::Bool, Json::Bool(value)) => Ok(Value::Bool(*value)),
        (Type::Bool, Json::String(text)) => match text.as_str() {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err(required().into()),
        },
        (Type::Number, Json::Number(number)) => {
            Ok(Value::Number(number.to_string().parse().map_err(|_| required())?))
        }
        (Type::Number, Json::String(text)) => match text.parse::<Number>() {
            Ok(number) if !number.is_infinite() => Ok(Value::Number(number)),
            _ => Err(required().into()),
        },
        (Type::String, Json::String(text)) => Ok(Value::string(text)),
        (Type::String, Json::Number(number)) => Ok(Value::String(number.to_string())),
        (Type::String, Json::Bool(value)) => Ok(Value::String(value.to_string())),
        (Type::List(ty), Json::Array(items)) => {
            let elements = items.iter().enumerate().map(|(i, item)| read(item, ty, depth).in_element(i));
            elements.collect::<Result<_, _>>().map(Value::List)
        }
        (Type::Set(ty), Json::Array(items)) => {
            let elements = items.iter().map(|item| read(item, ty, depth));
            elements.collect::<Result<Vec<_>, _>>().map(Value::set)
        }
        (Type::Tuple(types), Json::Array(items)) => {
            let (expected, given) = (types.len(), items.len());
            if expected != given {
                return Err(Problem::Elements { expected, given }.into());
            }
            let elements = items.iter().zip(types).enumerate();
            elements
                .map(|(i, (item, ty))| read(item, ty, depth).in_element(i))
                .collect::<Result<_, _>>()
                .map(Value::List)
        }
        (Type::Map(ty), Json::Object(members)) => {
            let entries = members.iter().enumerate();
            let entries =
                entries.map(|(i, (key, item))| Ok((normalise(key), read(item, ty, depth).in_entry(i)?)));
            entries.collect::<Result<Map, Fault>>().map(Value::Map)
        }
        (Type::Object(attributes), Json::Object(members)) => {
            let values = attributes.iter().enumerate().map(|(i, (name, ty))| {
                let item = members.get(name).unwrap_or(&Json::Null);
                Ok((name.clone(), read(item, ty, depth).in_attribute(name, i)?))
            });
            values.collect::<Result<Map, Fault>>().map(Value::Map)
        }
        (Type::Dynamic, Json::Object(members)) => {
            let (Some(value), Some(own)) = (members.get("value"), members.get("type")) else {
                return Err(Problem::NoType.into());
            };
            let own = Type::from_json(own).ok_or(Problem::NoType)?;
            let value = read(value, &own, depth).map_err(Fault::of_given_type)?;
            Ok(if own == Type::Dynamic { value } else { Value::Typed(Box::new(own), Box::new(value)) })
        }
        _ => Err(required().into()),
    }
}

fn write(value: &Value, ty: &Type) -> Result<Json, Fault> {
    match (ty, value) {
        (_, Value::Null) => Ok(Json::Null),
        (_, Value::Unknown) => Err(Problem::Required("a known value").into()),
        (Type::Bool, Value::Bool(value)) => Ok(Json::Bool(*value)),
        (Type::Number, Value::Number(number)) => {
            // Fails for an infinity only: JSON has none.
            let number = number.to_string().parse().map_err(|_| Problem::Required("a finite number"))?;
            Ok(Json::Number(number))
        }
        (Type::String, Value::String(text)) => Ok(Json::String(text.clone())),
        (Type::List(ty), Value::List(elements)) => {
            let items = elements.iter().enumerate().map(|(i, element)| write(element, ty).in_element(i));
            items.collect::<Result<_, _>>().map(Json::Array)
        }
        (Type::Set(ty), Value::Set(elements)) => {
            elements.iter().map(|element| write(element, ty)).collect::<Result<_, _>>().map(Json::Array)
        }
        (Type::Tuple(types), Value::List(elements)) => {
            let (expected, given) = (types.len(), elements.len());
            if expected != given {
                return Err(Problem::Elements { expected, given }.into());
            }
            let items = elements.iter().zip(types).enumerate();
            items
                .map(|(i, (element, ty))| write(element, ty).in_element(i))
                .collect::<Result<_, _>>()
                .map(Json::Array)
        }
        (Type::Map(ty), Value::Map(entries)) => {
            let members = entries.iter().enumerate();
            let members = members.map(|(i, (key, value))| Ok((key.clone(), write(value, ty).in_entry(i)?)));
            members.collect::<Result<_, Fault>>().map(Json::Object)
        }
        (Type::Object(attributes), Value::Map(values)) => object(values, attributes),
        (Type::Dynamic, Value::Typed(own, value)) if **own == Type::Dynamic => write(value, own),
        (Type::Dynamic, Value::Typed(own, value)) => {
            let value = write(value, own).map_err(Fault::of_given_type)?;
            Ok(serde_json::json!({ "value": value, "type": own.to_json() }))
        }
        (ty, _) => Err(Problem::Required(ty.required()).into()),
    }
}

fn object(values: &Map, attributes: &BTreeMap<String, Type>) -> Result<Json, Fault> {
    if values.keys().any(|name| !attributes.contains_key(name)) {
        return Err(Problem::UnsupportedAttribute.into());
    }
    let members = attributes.iter().enumerate().map(|(i, (name, ty))| {
        let value = values.get(name).ok_or(Problem::MissingAttribute).in_attribute(name, i)?;
        Ok((name.clone(), write(value, ty).in_attribute(name, i)?))
    });
    members.collect::<Result<_, Fault>>().map(Json::Object)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::value::arbitrary::{any_type, any_typed_known_value};

    fn read_text(text: &str, ty: &Type) -> Result<Value, String> {
        decode_slice(text.as_bytes(), ty).map_err(|e| e.to_string())
    }

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    #[test]
    fn numbers_are_exact() {
        for text in ["12345678901234567890123.5", "0.8", "-1", "18446744073709551616", "1e+999999999"] {
            let value = read_text(text, &Type::Number).unwrap();
            assert_eq!(value, number(text));
            assert_eq!(encode(&value, &Type::Number).unwrap().to_string(), text);
        }
        assert_eq!(read_text("1.50E+1", &Type::Number).unwrap(), 15.into());
    }

    #[test]
    fn dynamic_brings_its_type() {
        let value = Value::Typed(Box::new(Type::String), Box::new("x".into()));
        let text = r#"{"value":"x","type":"string"}"#;
        assert_eq!(encode(&value, &Type::Dynamic).unwrap(), json!({"value": "x", "type": "string"}));
        assert_eq!(read_text(text, &Type::Dynamic).unwrap(), value);
        assert_eq!(read_text("null", &Type::Dynamic).unwrap(), Value::Null);
        let problem = Err("a value together with its type is required".to_owned());
        assert_eq!(read_text(r#""x""#, &Type::Dynamic), problem);
        assert_eq!(read_text(r#"{"value":1,"type":"int"}"#, &Type::Dynamic), problem);
    }

    #[test]
    fn state_of_other_versions_is_read() {
        let ty = Type::object([
            ("kept", Type::list(Type::object([("name", Type::String), ("new", Type::Bool)]))),
            ("added", Type::set(Type::String)),
        ]);
        let text = r#"{"kept": [{"name": "n", "dropped": [1]}], "dropped": {"a": 1}}"#;
        let item = Value::map([("name", "n".into()), ("new", Value::Null)]);
        let value = Value::map([("kept", Value::List(vec![item])), ("added", Value::Null)]);
        assert_eq!(read_text(text, &ty).unwrap(), value);
    }

    #[test]
    fn primitives_convert_as_in_terraform() {
        let conversions = [
            (r#""true""#, Type::Bool, true.into()),
            (r#""0""#, Type::Bool, false.into()),
            (r#""6379""#, Type::Number, 6379.into()),
            (r#""0.8""#, Type::Number, number("0.8")),
            ("7.0", Type::String, "7.0".into()),
            ("true", Type::String, "true".into()),
        ];
        for (text, ty, value) in conversions {
            assert_eq!(read_text(text, &ty).unwrap(), value, "{text}");
        }
        for text in ["1", r#""TRUE""#, r#""yes""#, r#""""#] {
            assert_eq!(read_text(text, &Type::Bool).unwrap_err(), "a bool is required", "{text}");
        }
        for text in ["true", r#""x""#, r#""Inf""#, r#""""#] {
            assert_eq!(read_text(text, &Type::Number).unwrap_err(), "a number is required", "{text}");
        }
    }

    #[test]
    fn strings_and_sets_are_brought_to_their_form() {
        assert_eq!(read_text(r#""e\u0301""#, &Type::String).unwrap(), "\u{e9}".into());
        let ty = Type::set(Type::String);
        assert_eq!(read_text(r#"["b","a","b"]"#, &ty).unwrap(), Value::set(["a".into(), "b".into()]));
    }

    #[test]
    fn errors_say_where() {
        let ty = Type::object([("a", Type::map(Type::Tuple(vec![Type::String])))]);
        assert_eq!(read_text(r#"{"a":{"k":[[]]}}"#, &ty).unwrap_err(), "a[key 1][0]: a string is required");
        assert_eq!(
            read_text(r#"{"a":{"k":[]}}"#, &ty).unwrap_err(),
            "a[key 1]: a tuple with 1 elements is required (0 given)"
        );
        assert_eq!(read_text("[1,\n x]", &ty).unwrap_err(), "invalid JSON at line 2, column 2");
        let unknown = Value::map([("a", Value::map([("k", Value::Unknown)]))]);
        assert_eq!(encode(&unknown, &ty).unwrap_err().to_string(), "a[key 1]: a known value is required");
        let infinite = Value::Number(Number::infinity(false));
        assert_eq!(encode(&infinite, &Type::Number).unwrap_err().to_string(), "a finite number is required");
    }

    #[test]
    fn nesting_ends() {
        let level = r#"{"type":"dynamic","value":"#;
        let text = format!("{}1{}", level.repeat(100), "}".repeat(100));
        assert_eq!(read_text(&text, &Type::Dynamic).unwrap_err(), "values are nested too deeply");
        let text = format!("{}1{}", level.repeat(10_000), "}".repeat(10_000));
        assert!(read_text(&text, &Type::Dynamic).unwrap_err().starts_with("invalid JSON"));
    }

    #[test]
    fn text_of_too_many_values_is_not_parsed() {
        let list = |count: usize| format!("[{}0]", "0,".repeat(count - 1));
        assert!(parse(list(MAX_VALUES - 1).as_bytes()).is_ok());
        let too_many = "more than 250000 values are given";
        assert_eq!(parse(list(MAX_VALUES + 1).as_bytes()).unwrap_err().to_string(), too_many);
        assert_eq!(parse("[".repeat(MAX_VALUES + 1).as_bytes()).unwrap_err().to_string(), too_many);
        // Within a text they are characters.
        let text = Json::from(r#",[{"#.repeat(MAX_VALUES) + r#"\",["#);
        assert_eq!(parse(text.to_string().as_bytes()), Ok(text));
    }

    proptest! {
        #[test]
        fn values_survive((ty, value) in any_typed_known_value()) {
            let text = encode(&value, &ty)?.to_string();
            prop_assert_eq!(decode_slice(text.as_bytes(), &ty)?, value);
        }

        #[test]
        fn damaged_text_does_no_harm((ty, value) in any_typed_known_value(), at: prop::sample::Index, byte: u8) {
            let mut text = encode(&value, &ty)?.to_string().into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            if let Ok(value) = decode_slice(&text, &ty) {
                prop_assert_eq!(decode(&encode(&value, &ty)?, &ty)?, value);
            }
        }

        #[test]
        fn another_type_does_no_harm((ty, value) in any_typed_known_value(), other in any_type()) {
            let _ = decode(&encode(&value, &ty)?, &other);
        }
    }
}
