//! Which values of an object are secrets.

use std::collections::BTreeSet;

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
        let mut names = BTreeSet::new();
        self.add_secret_names(&mut names);
        remember_named(&names, state);
    }

    /// Adds the names of sensitive attributes, here and further inside.
    fn add_secret_names(&self, names: &mut BTreeSet<&'static str>) {
        add_secret_names(&self.attributes, names);
        for nested in &self.blocks {
            nested.block.add_secret_names(names);
        }
    }
}

fn add_secret_names(attributes: &[Attribute], names: &mut BTreeSet<&'static str>) {
    names.extend(attributes.iter().filter(|attribute| attribute.sensitive).map(|attribute| attribute.name));
    for nested in attributes.iter().filter_map(|attribute| attribute.nested.as_ref()) {
        add_secret_names(&nested.attributes, names);
    }
}

fn remember_named(names: &BTreeSet<&'static str>, state: &serde_json::Value) {
    match state {
        serde_json::Value::Array(items) => items.iter().for_each(|item| remember_named(names, item)),
        serde_json::Value::Object(entries) => {
            for (name, value) in entries {
                match names.contains(name.as_str()) {
                    true => remember_json(value),
                    false => remember_named(names, value),
                }
            }
        }
        _ => {}
    }
}

fn remember_in(attributes: &[Attribute], object: &Value) {
    for attribute in attributes {
        let value = object.get(attribute.name);
        if attribute.sensitive {
            each_text(value, &mut redact::remember);
        } else if attribute.conceals(value) {
            remember_texts(value);
        } else if let Some(nested) = &attribute.nested {
            match nested.nesting {
                Nesting::Single => remember_in(&nested.attributes, value),
                _ => each(value, &mut |item| remember_in(&nested.attributes, item)),
            }
        }
    }
}

/// Has every text in a value redacted, which may be a secret or an ordinary text.
pub fn remember_texts(value: &Value) {
    each_text(value, &mut redact::remember_whole);
}

fn each_text(value: &Value, run: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => run(text),
        Value::Typed(_, value) => each_text(value, run),
        Value::List(items) | Value::Set(items) => items.iter().for_each(|item| each_text(item, run)),
        Value::Map(entries) => entries.values().for_each(|item| each_text(item, run)),
        _ => {}
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
