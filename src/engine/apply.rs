//! Bringing together what was planned and what AWS shows.

use crate::schema::{Block, BlockNesting};
use crate::value::{Map, Value};

/// The state after an apply: every known planned value exactly as planned (core
/// insists), and for each unknown one what AWS shows. A difference between a known
/// planned value and AWS appears as drift at the next read, where it belongs.
pub(super) fn settle(block: &Block, planned: &Value, live: &Value) -> Value {
    let (Value::Map(planned), Value::Map(_)) = (planned, live) else {
        return if planned.is_unknown() { live.clone() } else { planned.clone() };
    };
    let mut state = Map::new();
    for attribute in &block.attributes {
        let planned = planned.get(attribute.name).unwrap_or(&Value::Null);
        let value =
            if attribute.write_only { Value::Null } else { settle_value(planned, live.get(attribute.name)) };
        state.insert(attribute.name.to_owned(), value);
    }
    for nested in &block.blocks {
        let planned = planned.get(nested.name).unwrap_or(&Value::Null);
        let live = live.get(nested.name);
        let value = match (planned, live) {
            (Value::Unknown, Value::Null) => nested.absent(),
            (Value::Unknown, live) => live.clone(),
            (Value::List(items), Value::List(live)) if nested.nesting == BlockNesting::List => {
                let none = Value::Null;
                let pairs = items.iter().enumerate();
                Value::List(
                    pairs
                        .map(|(i, item)| settle(&nested.block, item, live.get(i).unwrap_or(&none)))
                        .collect(),
                )
            }
            (Value::Map(_), Value::Map(_)) => settle(&nested.block, planned, live),
            // Elements of a set with open values cannot be matched one by one
            // here; the resource returns them complete.
            (Value::Set(_), live) if !planned.is_wholly_known() && !live.is_null() => live.clone(),
            (planned, _) => planned.clone(),
        };
        state.insert(nested.name.to_owned(), value);
    }
    Value::Map(state)
}

fn settle_value(planned: &Value, live: &Value) -> Value {
    match (planned, live) {
        (Value::Unknown, live) => live.clone(),
        (planned, _) if planned.is_wholly_known() => planned.clone(),
        (Value::List(items), Value::List(live)) if items.len() == live.len() => {
            Value::List(items.iter().zip(live).map(|(item, live)| settle_value(item, live)).collect())
        }
        (Value::Map(entries), Value::Map(live)) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| (key.clone(), settle_value(item, live.get(key).unwrap_or(&Value::Null))))
                .collect(),
        ),
        (_, live) => live.clone(),
    }
}
