//! Values for valid requests: typical configurations with a mark in the place of each secret, and objects with a value
//! for every attribute.

use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::schema::{Attribute, Block, Mode, Nesting, Schema};
use terraform_provider_elasticache::value::{Type, Value, msgpack};
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;

use super::mutate::MARK;
use crate::chaos::subjects::Subject;

pub fn dynamic(bytes: Vec<u8>) -> Option<pb::DynamicValue> {
    Some(pb::DynamicValue { msgpack: bytes, json: Vec::new() })
}

/// The value as Terraform sends it.
pub fn encode(schema: &Schema, value: &Value) -> Option<pb::DynamicValue> {
    let mut value = value.clone();
    if let Value::Map(entries) = &mut value {
        for attribute in schema.block.attributes.iter().filter(|attribute| attribute.one_or_many) {
            if let Some(given) = entries.get_mut(attribute.name).filter(|given| !given.is_null()) {
                *given = Value::Typed(Box::new(attribute.ty()), Box::new(given.clone()));
            }
        }
    }
    dynamic(msgpack::encode(&value, schema.wire_type()).unwrap())
}

pub fn null() -> Option<pb::DynamicValue> {
    dynamic(vec![0xc0])
}

/// A value of this type; texts are `text`.
pub fn sample(ty: &Type, text: &str) -> Value {
    match ty {
        Type::Bool => true.into(),
        Type::Number => 1.into(),
        Type::String => text.into(),
        Type::List(element) => Value::List(vec![sample(element, text)]),
        Type::Set(element) => Value::set([sample(element, text)]),
        Type::Map(element) => Value::map([("key", sample(element, text))]),
        Type::Object(attributes) => {
            Value::map(attributes.iter().map(|(name, ty)| (name.clone(), sample(ty, text))))
        }
        Type::Tuple(types) => Value::List(types.iter().map(|ty| sample(ty, text)).collect()),
        Type::Dynamic => Value::Typed(Box::new(Type::String), Box::new(text.into())),
    }
}

fn sample_of(attribute: &Attribute) -> Value {
    if attribute.sensitive || attribute.write_only {
        return sample(&attribute.ty(), MARK);
    }
    let Some(nested) = &attribute.nested else { return sample(&attribute.ty(), "stack") };
    let object = Value::map(nested.attributes.iter().map(|it| (it.name, sample_of(it))));
    match nested.nesting {
        Nesting::Single => object,
        Nesting::List => Value::List(vec![object]),
        Nesting::Set => Value::set([object]),
        Nesting::Map => Value::map([("key", object)]),
    }
}

/// An object with every argument and every block, and every attribute if `computed`.
pub fn full(block: &Block, computed: bool) -> Value {
    let attributes = block.attributes.iter().filter(|it| computed || it.is_configurable());
    let attributes = attributes.map(|it| (it.name, sample_of(it)));
    let blocks = block.blocks.iter().map(|nested| {
        let object = full(&nested.block, computed);
        let value = match nested.absent() {
            Value::List(_) => Value::List(vec![object]),
            Value::Set(_) => Value::set([object]),
            _ => object,
        };
        (nested.name, value)
    });
    block.conform(Value::map(attributes.chain(blocks)))
}

/// An object with the required arguments alone.
pub fn least(block: &Block) -> Value {
    let required = block.attributes.iter().filter(|it| matches!(it.mode, Mode::Required));
    block.conform(Value::map(required.map(|it| (it.name, sample_of(it)))))
}

/// The secrets of a configuration become the mark.
fn marked(block: &Block, config: Value) -> Value {
    let Value::Map(mut entries) = config else { return config };
    for attribute in block.attributes.iter().filter(|it| it.sensitive || it.write_only) {
        if let Some(given) = entries.get_mut(attribute.name).filter(|given| !given.is_null()) {
            *given = sample(&attribute.ty(), MARK);
        }
    }
    Value::Map(entries)
}

/// The configuration of the object that each world has.
pub fn config(subject: &Subject, resource: &dyn AnyResource) -> Value {
    let schema = resource.schema();
    marked(&schema.block, subject.config(schema))
}
