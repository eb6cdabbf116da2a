//! Which values of an object are secrets.

use super::{Attribute, Block, BlockNesting, Nesting};
use crate::redact;
use crate::value::Value;

impl Block {
    /// Has every secret in `object`, a value of this block, redacted in all that the
    /// current RPC says: the values of sensitive and write-only attributes, and what
    /// stands where a secret may have been placed by mistake.
    pub fn remember_secrets(&self, object: &Value) {
        remember_in(&self.attributes, object);
        for nested in &self.blocks {
            let value = object.get(nested.name);
            match nested.nesting {
                BlockNesting::Single => nested.block.remember_secrets(value),
                _ => each(value, &mut |item| nested.block.remember_secrets(item)),
            }
        }
    }

    /// The same for a stored state, which may have the form of an older schema or of
    /// another provider: names alone decide.
    pub fn remember_secrets_in_json(&self, state: &serde_json::Value) {
        match state {
            serde_json::Value::Array(items) => {
                items.iter().for_each(|item| self.remember_secrets_in_json(item));
            }
            serde_json::Value::Object(entries) => {
                for (name, value) in entries {
                    match self.calls_secret(name) {
                        true => remember_json(value),
                        false => self.remember_secrets_in_json(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// True when a sensitive attribute, here or further inside, has this name.
    fn calls_secret(&self, name: &str) -> bool {
        calls_secret(&self.attributes, name)
            || self.blocks.iter().any(|nested| nested.block.calls_secret(name))
    }
}

fn calls_secret(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| {
        let nested = attribute.nested.iter().any(|nested| calls_secret(&nested.attributes, name));
        nested || (attribute.name == name && attribute.sensitive)
    })
}

fn remember_in(attributes: &[Attribute], object: &Value) {
    for attribute in attributes {
        let value = object.get(attribute.name);
        if attribute.conceals(value) {
            remember_texts(value);
        } else if let Some(nested) = &attribute.nested {
            match nested.nesting {
                Nesting::Single => remember_in(&nested.attributes, value),
                _ => each(value, &mut |item| remember_in(&nested.attributes, item)),
            }
        }
    }
}

/// Has every text in a value redacted.
pub fn remember_texts(value: &Value) {
    match value {
        Value::String(text) => redact::remember(text),
        Value::Typed(_, value) => remember_texts(value),
        other => each(other, &mut remember_texts),
    }
}

/// The items of a collection.
fn each(value: &Value, run: &mut impl FnMut(&Value)) {
    match value {
        Value::List(items) | Value::Set(items) => items.iter().for_each(run),
        Value::Map(entries) => entries.values().for_each(run),
        _ => {}
    }
}

fn remember_json(value: &serde_json::Value) {
    match value {
        serde_json::Value::String(text) => redact::remember(text),
        serde_json::Value::Array(items) => items.iter().for_each(remember_json),
        serde_json::Value::Object(entries) => entries.values().for_each(remember_json),
        _ => {}
    }
}
