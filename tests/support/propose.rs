//! The state that Terraform proposes in a plan (`objchange.ProposedNew`).

use terraform_provider_elasticache::schema::{Attribute, Block, BlockNesting, Nesting};
use terraform_provider_elasticache::value::{Map, Value};

/// The configuration, with prior values where a computed attribute is not set.
pub fn propose(block: &Block, config: &Value, prior: &Value) -> Value {
    let mut proposed = attributes(&block.attributes, config, prior);
    for nested in &block.blocks {
        let (new, old) = (config.get(nested.name), prior.get(nested.name));
        let inner = |new: &Value, old: &Value| propose(&nested.block, new, old);
        let value = match nested.nesting {
            BlockNesting::Single => one(new, old, &inner),
            BlockNesting::List => list(new, old, &inner),
            BlockNesting::Set => set(new, old, &inner),
        };
        proposed.insert(nested.name.to_owned(), value);
    }
    Value::Map(proposed)
}

fn attributes(all: &[Attribute], config: &Value, prior: &Value) -> Map {
    let propose = |attribute: &Attribute| {
        let (new, old) = (config.get(attribute.name), prior.get(attribute.name));
        match &attribute.nested {
            _ if attribute.write_only => Value::Null,
            _ if new.is_null() && attribute.is_computed() => old.clone(),
            None => new.clone(),
            Some(nested) => {
                let inner = |new: &Value, old: &Value| Value::Map(attributes(&nested.attributes, new, old));
                match nested.nesting {
                    Nesting::Single => one(new, old, &inner),
                    Nesting::List => list(new, old, &inner),
                    Nesting::Set => set(new, old, &inner),
                    Nesting::Map => map(new, old, &inner),
                }
            }
        }
    };
    all.iter().map(|attribute| (attribute.name.to_owned(), propose(attribute))).collect()
}

type Inner<'a> = dyn Fn(&Value, &Value) -> Value + 'a;

fn one(new: &Value, old: &Value, inner: &Inner<'_>) -> Value {
    if matches!(new, Value::Map(_)) { inner(new, old) } else { new.clone() }
}

fn list(new: &Value, old: &Value, inner: &Inner<'_>) -> Value {
    let Value::List(elements) = new else { return new.clone() };
    let old = old.as_elements().unwrap_or_default();
    let propose = |(index, element)| one(element, old.get(index).unwrap_or(&Value::Null), inner);
    Value::List(elements.iter().enumerate().map(propose).collect())
}

fn map(new: &Value, old: &Value, inner: &Inner<'_>) -> Value {
    let Value::Map(entries) = new else { return new.clone() };
    Value::Map(entries.iter().map(|(key, entry)| (key.clone(), one(entry, old.get(key), inner))).collect())
}

/// An element of a set has as its prior one that it can have become.
fn set(new: &Value, old: &Value, inner: &Inner<'_>) -> Value {
    let Value::Set(elements) = new else { return new.clone() };
    let old = old.as_elements().unwrap_or_default();
    let propose = |element: &Value| {
        let prior = old.iter().find(|it| one(element, it, inner) == **it).unwrap_or(&Value::Null);
        one(element, prior, inner)
    };
    Value::set(elements.iter().map(propose))
}
