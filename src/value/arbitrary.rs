//! Types and values for property tests.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::{Number, Type, Value, normalise};

/// Any type: primitives, collections, objects, tuples and dynamic, a few levels deep.
pub(crate) fn any_type() -> impl Strategy<Value = Type> {
    types(prop_oneof![
        2 => Just(Type::Bool),
        3 => Just(Type::Number),
        4 => Just(Type::String),
        1 => Just(Type::Dynamic),
    ])
}

/// Any type a value in a place of type dynamic can bring: as [`any_type`], without dynamic.
pub(crate) fn concrete_type() -> impl Strategy<Value = Type> {
    types(prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String)])
}

fn types(leaf: impl Strategy<Value = Type> + 'static) -> impl Strategy<Value = Type> {
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            vec(inner.clone(), 0..4).prop_map(Type::Tuple),
            btree_map("[a-z][a-z_]{0,5}", inner, 0..4).prop_map(Type::Object),
        ]
    })
}

/// A value of type `ty`, in which anything may be null or unknown.
pub(crate) fn value_of(ty: &Type) -> BoxedStrategy<Value> {
    value(ty, true)
}

/// A wholly known value of type `ty`, in which anything may be null.
pub(crate) fn known_value_of(ty: &Type) -> BoxedStrategy<Value> {
    value(ty, false)
}

/// Any type with a value of that type; see [`value_of`].
pub(crate) fn any_typed_value() -> impl Strategy<Value = (Type, Value)> {
    any_type().prop_flat_map(|ty| {
        let value = value_of(&ty);
        (Just(ty), value)
    })
}

/// Any type with a wholly known value of that type; see [`known_value_of`].
pub(crate) fn any_typed_known_value() -> impl Strategy<Value = (Type, Value)> {
    any_type().prop_flat_map(|ty| {
        let value = known_value_of(&ty);
        (Just(ty), value)
    })
}

/// A finite number: whole or not, exact as a float or not, small or huge.
pub(crate) fn number() -> impl Strategy<Value = Number> {
    let parsed = |text: &str| text.parse::<Number>().unwrap();
    prop_oneof![
        4 => (-300i64..300).prop_map(Number::from),
        2 => any::<i64>().prop_map(Number::from),
        1 => any::<u64>().prop_map(Number::from),
        2 => (-1e9..1e9).prop_map(|float| Number::from_f64_exact(float).unwrap()),
        1 => proptest::num::f64::NORMAL.prop_map(|float| Number::from_f64_exact(float).unwrap()),
        2 => "-?[0-9]{1,4}\\.[0-9]{1,4}".prop_map(move |text| parsed(&text)),
        1 => "-?[0-9]{19,40}(\\.[0-9]{1,40})?".prop_map(move |text| parsed(&text)),
        1 => "-?[1-9]e-?[0-9]{1,6}".prop_map(move |text| parsed(&text)),
    ]
}

/// Text as it may be typed, not in a normal form: with combining characters,
/// characters of two to four bytes, and nothing at all.
pub(crate) fn raw_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 _./:-]{0,12}",
        2 => "([a-z][\u{300}\u{301}\u{308}\u{323}]{0,2}){0,4}",
        1 => "[\u{1100}-\u{1112}][\u{1161}-\u{1175}][\u{11a8}-\u{11c2}]?",
        1 => "\\PC{0,8}",
        1 => "[a-z]{30,40}",
    ]
}

/// Text as Terraform keeps it.
pub(crate) fn text() -> impl Strategy<Value = String> {
    raw_text().prop_map(|text| normalise(&text))
}

fn value(ty: &Type, unknown: bool) -> BoxedStrategy<Value> {
    let known: BoxedStrategy<Value> = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => number().prop_map(Value::Number).boxed(),
        Type::String => text().prop_map(Value::String).boxed(),
        Type::List(element) => vec(value(element, unknown), 0..4).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(value(element, unknown), 0..4).prop_map(Value::set).boxed(),
        Type::Map(element) => btree_map(text(), value(element, unknown), 0..4).prop_map(Value::Map).boxed(),
        Type::Object(attributes) => attributes
            .iter()
            .map(|(name, ty)| (Just(name.clone()), value(ty, unknown)))
            .collect::<Vec<_>>()
            .prop_map(|values| Value::Map(BTreeMap::from_iter(values)))
            .boxed(),
        Type::Tuple(types) => {
            types.iter().map(|ty| value(ty, unknown)).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        Type::Dynamic => concrete_type()
            .prop_flat_map(move |ty| {
                let value = value(&ty, unknown);
                (Just(ty), value).prop_map(|(ty, value)| Value::Typed(Box::new(ty), Box::new(value)))
            })
            .boxed(),
    };
    prop_oneof![
        12 => known,
        1 => Just(Value::Null),
        u32::from(unknown) => Just(Value::Unknown),
    ]
    .boxed()
}
