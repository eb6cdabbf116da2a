//! Bringing together the state and what AWS returns.

use super::set_matching;
use crate::schema::{Attribute, Block, BlockNesting, Mode};
use crate::value::{Map, Value};

/// The new state: what AWS returns, in the spelling the state has where both mean
/// the same. Reading an object that nobody changed gives the state back, byte for
/// byte, null and empty alike.
pub(crate) fn reconcile(block: &Block, prior: &Value, observed: &Value) -> Value {
    let mut state = Map::new();
    for attribute in &block.attributes {
        let (old, new) = (prior.get(attribute.name), observed.get(attribute.name));
        state.insert(attribute.name.to_owned(), reconcile_attribute(attribute, old, new));
    }
    for nested in &block.blocks {
        let (old, new) = (prior.get(nested.name), observed.get(nested.name));
        let none = Value::Null;
        let value = match (nested.nesting, new) {
            (_, Value::Null) => nested.absent(),
            (BlockNesting::List, Value::List(items)) => {
                let old = old.as_elements().unwrap_or_default();
                let pairs = items.iter().enumerate();
                Value::List(
                    pairs
                        .map(|(i, new)| reconcile(&nested.block, old.get(i).unwrap_or(&none), new))
                        .collect(),
                )
            }
            (BlockNesting::Set, Value::Set(items)) => {
                let old = old.as_elements().unwrap_or_default();
                let same = |new: &Value, old: &Value| same_block(&nested.block, old, new);
                let counterparts = set_matching::pair(items, old, &Value::eq, &same);
                Value::set(items.iter().zip(counterparts).map(|(new, counterpart)| {
                    counterpart.cloned().unwrap_or_else(|| reconcile(&nested.block, &none, new))
                }))
            }
            (_, new) => reconcile(&nested.block, old, new),
        };
        state.insert(nested.name.to_owned(), value);
    }
    Value::Map(state)
}

fn reconcile_attribute(attribute: &Attribute, prior: &Value, observed: &Value) -> Value {
    // `""` for something AWS chooses if it is omitted (a window, a port): the
    // configuration says "not set", so whatever AWS chose satisfies it.
    let left_to_aws = attribute.mode == Mode::OptionalComputed && !attribute.never_chosen
            && attribute.is_unset(prior) && !prior.is_null()
            // Where the default is none, an empty value says "none".
            && attribute.default.as_ref().is_none_or(|default| !default.is_empty());
    // After an import nothing is known of what the configuration says. An empty value then
    // satisfies both a configuration with it and one without.
    let first_read = prior.is_null() && attribute.is_computed();
    if attribute.write_only {
        Value::Null
    } else if first_read {
        attribute.first_read(observed.clone())
    } else if left_to_aws || attribute.same(prior, observed) {
        prior.clone()
    } else {
        attribute.settled(observed.clone())
    }
}

/// True when two objects of a block mean the same.
fn same_block(block: &Block, a: &Value, b: &Value) -> bool {
    block.attributes.iter().all(|attribute| attribute.same(a.get(attribute.name), b.get(attribute.name)))
        && block.blocks.iter().all(|nested| {
            let (a, b) = (a.get(nested.name), b.get(nested.name));
            match (a.as_elements(), b.as_elements()) {
                (Some(a), Some(b)) if nested.nesting == BlockNesting::List => {
                    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_block(&nested.block, a, b))
                }
                _ => a == b || (a.is_empty() && b.is_empty()),
            }
        })
}
