//! Attributes by their kind.

use crate::schema::Attribute;
use crate::value::Type;

pub(super) fn text(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional_computed(name, Type::String, description)
}

pub(super) fn shown(name: &'static str, description: &'static str) -> Attribute {
    Attribute::computed(name, Type::String, description)
}

pub(super) fn flag(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional_computed(name, Type::Bool, description)
}

pub(super) fn count(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional_computed(name, Type::Number, description)
}
