//! From values to MessagePack.

use std::collections::BTreeMap;

use rmp::encode::{self as put, ValueWriteError};

use super::UNKNOWN;
use crate::value::codec::{Fault, Problem, Within};
use crate::value::{Map, Number, Type, Value};

impl From<ValueWriteError> for Fault {
    /// Memory takes every write; the error exists only for the sake of `rmp`.
    fn from(_: ValueWriteError) -> Self {
        Problem::TooLarge.into()
    }
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As integers and floats where these are exact.
    Binary,
    /// As decimal text.
    Text,
}

/// Appends a value of type `ty`.
pub(super) fn write(to: &mut Vec<u8>, value: &Value, ty: &Type, numbers: Numbers) -> Result<(), Fault> {
    match (ty, value) {
        (_, Value::Null) => put::write_nil(to).map_err(|_| Problem::TooLarge)?,
        // One byte of nothing: go-cty writes it so, and extensions of no length
        // are rare enough to be mishandled somewhere.
        (_, Value::Unknown) => {
            put::write_ext_meta(to, 1, UNKNOWN)?;
            to.push(0);
        }
        (Type::Bool, Value::Bool(value)) => put::write_bool(to, *value).map_err(|_| Problem::TooLarge)?,
        (Type::Number, Value::Number(value)) if numbers == Numbers::Text => string(to, &value.to_string())?,
        (Type::Number, Value::Number(value)) => number(to, value)?,
        (Type::String, Value::String(text)) => string(to, text)?,
        (Type::List(ty), Value::List(elements)) => {
            put::write_array_len(to, count(elements.len())?)?;
            for (i, element) in elements.iter().enumerate() {
                write(to, element, ty, numbers).in_element(i)?;
            }
        }
        // The receiver builds a set, so order carries no meaning. `Value::set`
        // keeps strings in order of their bytes and numbers in numeric order,
        // which is what go-cty writes too; equal sets give equal bytes.
        (Type::Set(ty), Value::Set(elements)) => {
            put::write_array_len(to, count(elements.len())?)?;
            for element in elements {
                write(to, element, ty, numbers)?;
            }
        }
        (Type::Tuple(types), Value::List(elements)) => tuple(to, elements, types, numbers)?,
        (Type::Map(ty), Value::Map(entries)) => {
            put::write_map_len(to, count(entries.len())?)?;
            for (i, (key, value)) in entries.iter().enumerate() {
                string(to, key)?;
                write(to, value, ty, numbers).in_entry(i)?;
            }
        }
        (Type::Object(attributes), Value::Map(values)) => object(to, values, attributes, numbers)?,
        (Type::Dynamic, Value::Typed(own, value)) if **own == Type::Dynamic => {
            write(to, value, own, numbers)?;
        }
        (Type::Dynamic, Value::Typed(own, value)) => {
            put::write_array_len(to, 2)?;
            let json = own.to_json().to_string();
            put::write_bin_len(to, count(json.len())?)?;
            to.extend_from_slice(json.as_bytes());
            // The receiver takes the type at its word.
            write(to, value, own, Numbers::Binary).map_err(Fault::of_given_type)?;
        }
        (ty, _) => return Err(Problem::Required(ty.required()).into()),
    }
    Ok(())
}

fn count(len: usize) -> Result<u32, Problem> {
    u32::try_from(len).map_err(|_| Problem::TooLarge)
}

fn string(to: &mut Vec<u8>, text: &str) -> Result<(), Fault> {
    put::write_str_len(to, count(text.len())?)?;
    to.extend_from_slice(text.as_bytes());
    Ok(())
}

fn number(to: &mut Vec<u8>, number: &Number) -> Result<(), Fault> {
    if let Some(integer) = number.as_i64() {
        put::write_sint(to, integer)?;
        return Ok(());
    }
    let float = number.as_f64();
    // A larger integer is text even where a float would be exact, as in newer go-cty.
    let exact = || Number::from_f64_exact(float).as_ref() == Some(number);
    if number.is_infinite() || (!number.is_integer() && exact()) {
        put::write_f64(to, float)?;
        return Ok(());
    }
    string(to, &number.to_string())
}

fn tuple(to: &mut Vec<u8>, elements: &[Value], types: &[Type], numbers: Numbers) -> Result<(), Fault> {
    let (expected, given) = (types.len(), elements.len());
    if expected != given {
        return Err(Problem::Elements { expected, given }.into());
    }
    put::write_array_len(to, count(given)?)?;
    for (i, (element, ty)) in elements.iter().zip(types).enumerate() {
        write(to, element, ty, numbers).in_element(i)?;
    }
    Ok(())
}

fn object(
    to: &mut Vec<u8>,
    values: &Map,
    attributes: &BTreeMap<String, Type>,
    numbers: Numbers,
) -> Result<(), Fault> {
    put::write_map_len(to, count(attributes.len())?)?;
    // Both are in the order of their names, so that none has to be looked up.
    let mut values = values.iter().peekable();
    for (i, (name, ty)) in attributes.iter().enumerate() {
        let value = match values.next_if(|(given, _)| *given <= name) {
            Some((given, value)) if given == name => value,
            Some(_) => return Err(Problem::UnsupportedAttribute.into()),
            None => return Err(Problem::MissingAttribute).in_attribute(name, i),
        };
        string(to, name)?;
        write(to, value, ty, numbers).in_attribute(name, i)?;
    }
    match values.next() {
        Some(_) => Err(Problem::UnsupportedAttribute.into()),
        None => Ok(()),
    }
}
