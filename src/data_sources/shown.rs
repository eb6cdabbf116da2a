//! Attributes that a data source answers with.

use crate::schema::Attribute;
use crate::value::Type;

pub(super) fn text(name: &'static str, description: &'static str) -> Attribute {
    Attribute::computed(name, Type::String, description)
}

pub(super) fn flag(name: &'static str, description: &'static str) -> Attribute {
    Attribute::computed(name, Type::Bool, description)
}

pub(super) fn count(name: &'static str, description: &'static str) -> Attribute {
    Attribute::computed(name, Type::Number, description)
}

/// A set of strings.
pub(super) fn texts(name: &'static str, description: &'static str) -> Attribute {
    Attribute::computed(name, Type::set(Type::String), description)
}

/// A list of strings.
pub(super) fn list(name: &'static str, description: &'static str) -> Attribute {
    Attribute::computed(name, Type::list(Type::String), description)
}
