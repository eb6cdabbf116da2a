//! An object with one of everything, for the tests of the rules.

use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting};
use crate::value::{Type, Value};

pub(super) fn block() -> Block {
    let text = |name: &'static str| Attribute::optional(name, Type::String, "A text.");
    let number = |name: &'static str| Attribute::computed(name, Type::Number, "A number.");
    let nested = |name: &'static str, nesting| {
        Attribute::optional(name, Type::Dynamic, "Objects.")
            .nested(nesting, vec![text("host"), number("port")])
    };
    let parts = || Block::new("A part.").attributes([text("key"), number("index")]);
    Block::new("Everything.")
        .attributes([
            Attribute::required("name", Type::String, "A name."),
            text("note"),
            Attribute::optional_computed("size", Type::Number, "A size."),
            Attribute::computed("arn", Type::String, "An ARN."),
            Attribute::optional("tags", Type::map(Type::String), "Tags."),
            Attribute::optional("zones", Type::list(Type::String), "Zones."),
            Attribute::optional("subnets", Type::set(Type::String), "Subnets."),
            Attribute::optional("any", Type::Dynamic, "Anything."),
            text("secret").sensitive(),
            text("token").write_only(),
            nested("one", Nesting::Single),
            nested("list", Nesting::List),
            nested("map", Nesting::Map),
            nested("set", Nesting::Set),
            nested("hidden", Nesting::Single).sensitive(),
        ])
        .block(NestedBlock::new("single_block", BlockNesting::Single, parts()))
        .block(NestedBlock::new("list_block", BlockNesting::List, parts()))
        .block(NestedBlock::new("set_block", BlockNesting::Set, parts()))
}

/// The object with these values; the rest null or empty.
pub(super) fn object<const N: usize>(values: [(&str, Value); N]) -> Value {
    let mut object = block().empty_object();
    object.extend(values.map(|(name, value)| (name.to_owned(), value)));
    Value::Map(object)
}

/// An element of the nested attributes.
pub(super) fn item(host: impl Into<Value>, port: impl Into<Value>) -> Value {
    Value::map([("host", host.into()), ("port", port.into())])
}

/// An element of the nested blocks.
pub(super) fn part(key: impl Into<Value>, index: impl Into<Value>) -> Value {
    Value::map([("key", key.into()), ("index", index.into())])
}

pub(super) fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(items.into_iter().collect())
}

pub(super) fn set<const N: usize>(items: [Value; N]) -> Value {
    Value::set(items)
}

pub(super) fn texts<const N: usize>(texts: [&str; N]) -> [Value; N] {
    texts.map(Value::from)
}

pub(super) fn n(number: i64) -> Value {
    Value::from(number)
}

pub(super) fn s(text: &str) -> Value {
    Value::from(text)
}

pub(super) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries)
}
