//! Between values and the typed models of resources.

use std::collections::{BTreeMap, BTreeSet};

use super::{Map, Number, Path, Value};

/// An attribute of a model: null, unknown, or known as a `T`.
///
/// A collection with an unknown element is unknown as a whole here; the raw
/// [`Value`] keeps the difference where it matters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// Absent.
    #[default]
    Null,
    /// Not known until apply.
    Unknown,
    /// Given.
    Known(T),
}

impl<T> Field<T> {
    /// The value, when known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Field::Known(value) => Some(value),
            Field::Null | Field::Unknown => None,
        }
    }

    /// The value, when known, by value.
    pub fn into_known(self) -> Option<T> {
        match self {
            Field::Known(value) => Some(value),
            Field::Null | Field::Unknown => None,
        }
    }

    /// True for null.
    pub fn is_null(&self) -> bool {
        matches!(self, Field::Null)
    }

    /// True for unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Field::Unknown)
    }
}

impl Field<String> {
    /// The text when known and not empty. Modules send `""` for what they mean
    /// to leave unset.
    pub fn text(&self) -> Option<&str> {
        self.known().map(String::as_str).filter(|text| !text.is_empty())
    }
}

impl Field<bool> {
    /// True only when known to be true.
    pub fn is_true(&self) -> bool {
        self.known() == Some(&true)
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Field::Null, Field::Known)
    }
}

impl From<String> for Field<String> {
    fn from(text: String) -> Self {
        Field::Known(text)
    }
}

impl From<Option<&str>> for Field<String> {
    fn from(text: Option<&str>) -> Self {
        text.map(str::to_owned).into()
    }
}

impl From<&str> for Field<String> {
    fn from(text: &str) -> Self {
        Field::Known(text.to_owned())
    }
}

/// A value that does not fit the type a model wants at `path`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct ConvertError {
    /// Where the value sits.
    pub path: Path,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl ConvertError {
    /// `problem` at `path`.
    pub fn new(path: &Path, problem: &'static str) -> Self {
        Self { path: path.clone(), problem }
    }
}

/// Made from a value. `path` is where the value sits, for errors.
pub trait FromValue: Sized {
    /// Reads the value; it is never null or unknown unless the type says so.
    fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError>;
}

/// Turned into a value.
pub trait IntoValue {
    /// The value.
    fn into_value(self) -> Value;
}

impl<T: FromValue> FromValue for Field<T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError> {
        match value {
            Value::Null => Ok(Field::Null),
            Value::Unknown => Ok(Field::Unknown),
            // An object may be partly unknown; its own fields say so.
            Value::List(items) | Value::Set(items) if items.iter().any(Value::is_unknown) => {
                Ok(Field::Unknown)
            }
            Value::Map(entries) if entries.values().any(Value::is_unknown) => {
                Ok(T::from_value(value, path).map_or(Field::Unknown, Field::Known))
            }
            known => T::from_value(known, path).map(Field::Known),
        }
    }
}

impl<T: IntoValue> IntoValue for Field<T> {
    fn into_value(self) -> Value {
        match self {
            Field::Null => Value::Null,
            Field::Unknown => Value::Unknown,
            Field::Known(value) => value.into_value(),
        }
    }
}

macro_rules! scalar {
    ($ty:ty, $pattern:pat => $read:expr, $problem:literal, $self:ident => $write:expr) => {
        impl FromValue for $ty {
            fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError> {
                match value {
                    $pattern => $read,
                    _ => None,
                }
                .ok_or_else(|| ConvertError::new(path, $problem))
            }
        }
        impl IntoValue for $ty {
            fn into_value($self) -> Value {
                $write
            }
        }
    };
}

scalar!(String, Value::String(text) => Some(text.clone()), "a string is required", self => Value::string(self));
scalar!(bool, Value::Bool(value) => Some(*value), "a bool is required", self => Value::Bool(self));
scalar!(Number, Value::Number(value) => Some(value.clone()), "a number is required", self => Value::Number(self));
scalar!(i64, Value::Number(value) => value.as_i64(), "a whole number is required", self => Value::from(self));
scalar!(
    i32,
    Value::Number(value) => value.as_i64().and_then(|n| i32::try_from(n).ok()),
    "a whole number of ordinary size is required",
    self => Value::from(i64::from(self))
);
scalar!(
    f64,
    Value::Number(value) => Some(value.as_f64()).filter(|n| n.is_finite()),
    "a finite number is required",
    // What is no number is no value of Terraform either: the engine refuses both.
    self => Value::Number(Number::from_f64(self).unwrap_or_else(|| Number::infinity(false)))
);

fn elements<'a>(value: &'a Value, path: &Path) -> Result<&'a [Value], ConvertError> {
    value.as_elements().ok_or_else(|| ConvertError::new(path, "a list or set is required"))
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError> {
        elements(value, path)?
            .iter()
            .enumerate()
            .map(|(i, item)| {
                // Elements of a set cannot be addressed: errors point at the set.
                let at = if matches!(value, Value::Set(_)) { path.clone() } else { path.index(i) };
                T::from_value(item, &at)
            })
            .collect()
    }
}

/// A `Vec` is a list; see [`BTreeSet`] and [`SetOf`] for sets.
impl<T: IntoValue> IntoValue for Vec<T> {
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(IntoValue::into_value).collect())
    }
}

impl<T: FromValue + Ord> FromValue for BTreeSet<T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError> {
        elements(value, path)?.iter().map(|item| T::from_value(item, path)).collect()
    }
}

impl<T: IntoValue> IntoValue for BTreeSet<T> {
    fn into_value(self) -> Value {
        Value::set(self.into_iter().map(IntoValue::into_value))
    }
}

/// An entry that is null is not there, unless `T` has a place for it.
///
/// In loops, because `collect` sorts, and a sort would be compiled for each type.
impl<T: FromValue> FromValue for BTreeMap<String, T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError> {
        let mut map = Self::new();
        for (key, item) in value.as_map().ok_or_else(|| ConvertError::new(path, "a map is required"))? {
            match T::from_value(item, &path.key(key)) {
                Ok(read) => drop(map.insert(key.clone(), read)),
                Err(_) if item.is_null() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(map)
    }
}

impl<T: IntoValue> IntoValue for BTreeMap<String, T> {
    fn into_value(self) -> Value {
        let mut map = Map::new();
        for (key, item) in self {
            map.insert(key, item.into_value());
        }
        Value::Map(map)
    }
}

/// A set of objects, as nested set blocks are. Order does not matter to
/// Terraform; it is kept here as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetOf<T>(pub Vec<T>);

impl<T> Default for SetOf<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: FromValue> FromValue for SetOf<T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError> {
        Vec::from_value(value, path).map(Self)
    }
}

impl<T: IntoValue> IntoValue for SetOf<T> {
    fn into_value(self) -> Value {
        Value::set(self.0.into_iter().map(IntoValue::into_value))
    }
}

/// The attribute a field of a model stands for: `type` for `r#type`.
pub const fn field_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_entry_of_a_map_is_absent() {
        let value = Value::map([("a", Value::Null), ("b", Value::from("1"))]);
        let strings = BTreeMap::<String, String>::from_value(&value, &Path::root()).unwrap();
        assert_eq!(strings, [("b".to_owned(), "1".to_owned())].into());
        let fields = BTreeMap::<String, Field<String>>::from_value(&value, &Path::root()).unwrap();
        assert_eq!(fields["a"], Field::Null);
        let wrong = Value::map([("a", Value::from(true))]);
        assert!(BTreeMap::<String, String>::from_value(&wrong, &Path::root()).is_err());
    }

    #[test]
    fn a_raw_identifier_names_the_attribute_without_its_prefix() {
        assert_eq!(field_name("r#type"), "type");
        assert_eq!(field_name("name"), "name");
    }
}
