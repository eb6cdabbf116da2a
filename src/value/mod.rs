//! Terraform values: what an attribute may hold, its type, and where it sits.
//!
//! A [`Value`] is null, unknown or known. It does not carry its type: the
//! schema does, and the codecs ([`msgpack`], [`json`]) are driven by it. The one
//! exception is a place of type [`Type::Dynamic`], whose value brings its type
//! along ([`Value::Typed`]).

#[cfg(test)]
pub(crate) mod arbitrary;
mod codec;
#[cfg(test)]
mod codec_tests;
mod convert;
pub mod json;
pub mod msgpack;
mod number;
mod path;
pub(crate) mod secret;
mod ty;

pub use codec::{DecodeError, EncodeError, Problem};
pub use convert::{ConvertError, Field, FromValue, IntoValue, SetOf, field_name};
pub use number::{Number, ParseNumberError};
pub use path::{Path, Step};
pub use ty::Type;

use std::collections::BTreeMap;

/// The attributes of an object, or the entries of a map, in key order.
pub type Map = BTreeMap<String, Value>;

/// One Terraform value.
///
/// Equality is structural, with numbers compared numerically. Build sets with
/// [`Value::set`], which brings elements into one order and drops duplicates, so
/// that equal sets are equal values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Value {
    /// Absent.
    #[default]
    Null,
    /// Not known until apply.
    Unknown,
    /// A bool.
    Bool(bool),
    /// A number of any size.
    Number(Number),
    /// A string in Unicode normal form C, as Terraform keeps strings.
    String(String),
    /// A list or tuple.
    List(Vec<Value>),
    /// A set: sorted, without duplicates.
    Set(Vec<Value>),
    /// A map or object.
    Map(Map),
    /// A value in a place of type dynamic, with the type it has.
    Typed(Box<Type>, Box<Value>),
}

impl Value {
    /// A known string. The text is brought to normal form C.
    pub fn string(text: impl AsRef<str>) -> Self {
        Value::String(normalise(text.as_ref()))
    }

    /// A known set of these elements, sorted and without duplicates.
    ///
    /// Elements that are not wholly known stay apart even when they look the
    /// same: they may turn out different, and Terraform counts them so.
    pub fn set(elements: impl IntoIterator<Item = Value>) -> Self {
        let mut elements: Vec<Value> = elements.into_iter().collect();
        elements.sort();
        elements.dedup_by(|a, b| a == b && a.is_wholly_known());
        Value::Set(elements)
    }

    /// A known object or map.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        // Not `collect`, which sorts first: its sort is compiled again for each type of iterator, and
        // came to a twentieth of the program.
        let mut map = Map::new();
        for (key, value) in entries {
            map.insert(key.into(), value);
        }
        Value::Map(map)
    }

    /// True for null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// True for a value that is itself unknown. See [`Value::is_wholly_known`] for its parts.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    /// True when every number in the value is finite.
    pub fn is_finite(&self) -> bool {
        match self {
            Value::Number(number) => !number.is_infinite(),
            Value::List(items) | Value::Set(items) => items.iter().all(Value::is_finite),
            Value::Map(entries) => entries.values().all(Value::is_finite),
            Value::Typed(_, inner) => inner.is_finite(),
            Value::Null | Value::Unknown | Value::Bool(_) | Value::String(_) => true,
        }
    }

    /// True when neither the value nor anything in it is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Value::Unknown => false,
            Value::List(items) | Value::Set(items) => items.iter().all(Value::is_wholly_known),
            Value::Map(entries) => entries.values().all(Value::is_wholly_known),
            Value::Typed(_, inner) => inner.is_wholly_known(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        }
    }

    /// True for null, and for the forms modules send to mean "not set": the
    /// empty string and the empty list, set or map. Zero is a number like any
    /// other and not empty.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::List(items) | Value::Set(items) => items.is_empty(),
            Value::Map(entries) => entries.is_empty(),
            Value::Unknown | Value::Bool(_) | Value::Number(_) | Value::Typed(..) => false,
        }
    }

    /// The attributes, if this is a known object or map.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The text, if this is a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if this is a known list or set.
    pub fn as_elements(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) | Value::Set(items) => Some(items),
            _ => None,
        }
    }

    /// The attribute or entry `name`; null when absent or when this is no object.
    pub fn get(&self, name: &str) -> &Value {
        self.as_map().and_then(|entries| entries.get(name)).unwrap_or(&Value::Null)
    }

    /// The value with every unknown in it replaced by null: what is saved of a
    /// state that was cut short.
    pub fn unknown_to_null(self) -> Self {
        match self {
            Value::Unknown => Value::Null,
            Value::List(items) => Value::List(items.into_iter().map(Value::unknown_to_null).collect()),
            Value::Set(items) => Value::set(items.into_iter().map(Value::unknown_to_null)),
            Value::Map(entries) => {
                Value::Map(entries.into_iter().map(|(k, v)| (k, v.unknown_to_null())).collect())
            }
            Value::Typed(ty, inner) => Value::Typed(ty, Box::new(inner.unknown_to_null())),
            known => known,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Number(Number::from(value))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::string(text)
    }
}

/// Normal form C, the form in which Terraform keeps every string.
pub(crate) fn normalise(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, is_nfc_quick};
    if is_nfc_quick(text.chars()) == unicode_normalization::IsNormalized::Yes {
        text.to_owned()
    } else {
        text.nfc().collect()
    }
}
