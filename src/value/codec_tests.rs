//! The law of all errors of the codecs: they quote no text that the data has, except names that the expected type has as
//! well. Any such text may be a secret: a key of a sensitive map, or what damage has brought into the place of a name.

use proptest::prelude::*;

use super::arbitrary::{any_type, any_typed_known_value};
use super::{Map, Type, Value, json, msgpack};

/// In every text of the data. No name of an arbitrary type has it.
const MARK: &str = "MARK-7d1f";

/// The value with the mark in each text, each key of a map and each name of a type that the value brings.
fn marked(ty: &Type, value: &Value, are_names_known: bool) -> Value {
    let each = |ty: &Type, items: &[Value]| -> Vec<Value> {
        items.iter().map(|item| marked(ty, item, are_names_known)).collect()
    };
    match (ty, value) {
        (_, Value::String(_)) => Value::from(MARK),
        (Type::List(ty), Value::List(items)) => Value::List(each(ty, items)),
        (Type::Set(ty), Value::Set(items)) => Value::set(each(ty, items)),
        (Type::Tuple(types), Value::List(items)) => {
            Value::List(items.iter().zip(types).map(|(item, ty)| marked(ty, item, are_names_known)).collect())
        }
        (Type::Map(ty), Value::Map(entries)) => Value::map(
            entries.iter().map(|(key, item)| (format!("{MARK}{key}"), marked(ty, item, are_names_known))),
        ),
        (Type::Object(types), Value::Map(entries)) => Value::Map(
            entries
                .iter()
                .map(|(name, item)| {
                    let item = marked(types.get(name).unwrap_or(&Type::Dynamic), item, are_names_known);
                    (if are_names_known { name.clone() } else { format!("{MARK}{name}") }, item)
                })
                .collect::<Map>(),
        ),
        (Type::Dynamic, Value::Typed(own, inner)) => {
            Value::Typed(Box::new(marked_type(own)), Box::new(marked(own, inner, false)))
        }
        _ => value.clone(),
    }
}

/// The type with the mark in each name.
fn marked_type(ty: &Type) -> Type {
    match ty {
        Type::List(ty) => Type::list(marked_type(ty)),
        Type::Set(ty) => Type::set(marked_type(ty)),
        Type::Map(ty) => Type::map(marked_type(ty)),
        Type::Tuple(types) => Type::Tuple(types.iter().map(marked_type).collect()),
        Type::Object(types) => {
            Type::object(types.iter().map(|(name, ty)| (format!("{MARK}{name}"), marked_type(ty))))
        }
        other => other.clone(),
    }
}

/// The data as it is, cut off, and with another byte.
fn damaged(data: &[u8], at: prop::sample::Index, byte: u8) -> [Vec<u8>; 3] {
    let at = at.index(data.len());
    let mut changed = data.to_vec();
    changed[at] = byte;
    [data.to_vec(), data[..at].to_vec(), changed]
}

/// Whatever is wrong with the data, the errors of both codecs quote nothing of it.
fn quotes_nothing(data: &[u8], ty: &Type) -> Result<(), TestCaseError> {
    let errors = [
        msgpack::decode(data, ty).err().map(|error| format!("{error} {error:?}")),
        json::decode_slice(data, ty).err().map(|error| format!("{error} {error:?}")),
    ];
    for error in errors.into_iter().flatten() {
        prop_assert!(!error.contains("MARK") && !error.contains("7d1f"), "{error}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn decoding_quotes_no_text_of_the_data(
        (ty, value) in any_typed_known_value(),
        other in any_type(),
        at: prop::sample::Index,
        byte: u8,
    ) {
        // With the names of the expected type, and with others.
        for (written, ty) in [(ty.clone(), &ty), (marked_type(&ty), &ty)] {
            let value = marked(ty, &value, written == *ty);
            let encodings = [msgpack::encode(&value, &written)?, json::encode(&value, &written)?.to_string().into()];
            for data in encodings.iter().flat_map(|data| damaged(data, at, byte)) {
                quotes_nothing(&data, ty)?;
                quotes_nothing(&data, &other)?;
            }
        }
    }

    #[test]
    fn encoding_quotes_no_text_of_the_value((ty, value) in any_typed_known_value(), other in any_type()) {
        for value in [marked(&ty, &value, true), marked(&ty, &value, false)] {
            for ty in [&ty, &other] {
                let errors = [msgpack::encode(&value, ty).err(), json::encode(&value, ty).err()];
                for error in errors.into_iter().flatten() {
                    prop_assert!(!error.to_string().contains(MARK), "{error}");
                }
            }
        }
    }
}

#[test]
fn place_of_an_unknown_name_is_its_position() {
    let metrics = Type::object([("metrics", Type::map(Type::object([("period", Type::Number)])))]);
    let given = Value::map([("period", Value::from("x"))]);
    let given = Value::map([("metrics", Value::map([("a", Value::Null), ("secret", given)]))]);
    let text = Type::object([("metrics", Type::map(Type::object([("period", Type::String)])))]);
    let data = msgpack::encode(&given, &text).unwrap();
    let place = "metrics[key 2].period: a number is required";
    assert_eq!(msgpack::decode(&data, &metrics).unwrap_err().to_string(), place);
    let data = json::encode(&given, &text).unwrap();
    assert_eq!(json::decode(&data, &metrics).unwrap_err().to_string(), place);
    // In a value that brings its type, no name is known.
    let data = br#"{"type":["object",{"a":"bool","secret":"number"}],"value":{"a":true,"secret":"x"}}"#;
    let error = json::decode_slice(data, &Type::Dynamic).unwrap_err();
    assert_eq!(error.to_string(), "[key 2]: a number is required");
}
