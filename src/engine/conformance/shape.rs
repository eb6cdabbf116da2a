//! The form of a value: its types, its write-only attributes, its unknowns.

use super::Problems;
use crate::schema::{Attribute, Block, Nested};
use crate::value::{Path, Type, Value};

/// A sentence for each value that is still unknown.
pub fn unknown_problems(value: &Value) -> Vec<String> {
    let mut problems = Problems::default();
    check_known(value, &Path::root(), &mut problems);
    problems.0
}

/// True when the object has exactly the type of the block and its write-only
/// attributes are null. With anything else core goes no further.
pub(super) fn check(block: &Block, object: &Value, problems: &mut Problems) -> bool {
    check_type(&block.ty(), object, &Path::root(), problems);
    if problems.is_empty() {
        check_write_only(block, object, &Path::root(), problems);
    }
    problems.is_empty()
}

fn check_type(ty: &Type, value: &Value, path: &Path, problems: &mut Problems) {
    match (ty, value) {
        (_, Value::Null | Value::Unknown)
        | (Type::Bool, Value::Bool(_))
        | (Type::Number, Value::Number(_))
        | (Type::String, Value::String(_)) => {}
        (Type::List(element), Value::List(items)) => {
            for (i, item) in items.iter().enumerate() {
                check_type(element, item, &path.index(i), problems);
            }
        }
        (Type::Set(element), Value::Set(items)) => {
            if Value::set(items.iter().cloned()) != *value {
                problems.add(path, "is a set that is not in order or holds an element twice");
            }
            items.iter().for_each(|item| check_type(element, item, path, problems));
        }
        (Type::Map(element), Value::Map(entries)) => {
            for (key, item) in entries {
                check_type(element, item, &path.key(key), problems);
            }
        }
        (Type::Object(attributes), Value::Map(entries)) => {
            for name in entries.keys().filter(|name| !attributes.contains_key(*name)) {
                problems.add(&path.then(name), "is not in the schema");
            }
            for (name, ty) in attributes {
                match entries.get(name) {
                    Some(value) => check_type(ty, value, &path.then(name), problems),
                    None => problems.add(&path.then(name), "is in the schema, but missing from the value"),
                }
            }
        }
        (Type::Tuple(types), Value::List(items)) if types.len() == items.len() => {
            for (i, (ty, item)) in types.iter().zip(items).enumerate() {
                check_type(ty, item, &path.index(i), problems);
            }
        }
        (Type::Dynamic, Value::Typed(ty, inner)) => check_type(ty, inner, path, problems),
        (ty, value) => problems.add(path, format!("must be of type {ty}, but is {}", kind(value))),
    }
}

/// The kind of a value; never the value, which may be a secret.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Unknown => "unknown",
        Value::Bool(_) => "a bool",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::List(_) => "a list",
        Value::Set(_) => "a set",
        Value::Map(_) => "an object or map",
        Value::Typed(..) => "a value with a type of its own",
    }
}

fn check_write_only(block: &Block, object: &Value, path: &Path, problems: &mut Problems) {
    check_write_only_attributes(&block.attributes, object, path, problems);
    for nested in &block.blocks {
        let at = path.then(nested.name);
        match object.get(nested.name) {
            Value::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    check_write_only(&nested.block, item, &at.index(i), problems);
                }
            }
            Value::Set(items) => {
                items.iter().for_each(|item| check_write_only(&nested.block, item, &at, problems));
            }
            single => check_write_only(&nested.block, single, &at, problems),
        }
    }
}

fn check_write_only_attributes(
    attributes: &[Attribute],
    object: &Value,
    path: &Path,
    problems: &mut Problems,
) {
    for attribute in attributes {
        let (at, value) = (path.then(attribute.name), object.get(attribute.name));
        if attribute.write_only && !value.is_null() {
            problems.add(&at, "is write-only and must be null in plans and states");
        } else if let Some(Nested { attributes, .. }) = &attribute.nested {
            match value {
                Value::List(items) => {
                    for (i, item) in items.iter().enumerate() {
                        check_write_only_attributes(attributes, item, &at.index(i), problems);
                    }
                }
                Value::Set(items) => {
                    items
                        .iter()
                        .for_each(|item| check_write_only_attributes(attributes, item, &at, problems));
                }
                Value::Map(entries) if matches!(attribute.ty(), Type::Map(_)) => {
                    for (key, item) in entries {
                        check_write_only_attributes(attributes, item, &at.key(key), problems);
                    }
                }
                single => check_write_only_attributes(attributes, single, &at, problems),
            }
        }
    }
}

fn check_known(value: &Value, path: &Path, problems: &mut Problems) {
    match value {
        Value::Unknown => problems.add(path, "is still unknown"),
        Value::List(items) => {
            for (i, item) in items.iter().enumerate() {
                check_known(item, &path.index(i), problems);
            }
        }
        Value::Set(items) => items.iter().for_each(|item| check_known(item, path, problems)),
        Value::Map(entries) => {
            for (name, item) in entries {
                check_known(item, &path.then(name), problems);
            }
        }
        Value::Typed(_, inner) => check_known(inner, path, problems),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
