//! Bringing together what was planned and what AWS returns.

use super::set_matching;
use crate::engine::conformance::{completes, completion_problems};
use crate::schema::{Block, BlockNesting};
use crate::value::{Map, Value};

/// The state after an apply: every known planned value exactly as planned (core
/// insists), and for each unknown one what AWS returns; null where it returns nothing.
/// A difference between a known planned value and AWS appears as drift at the next
/// read, where it belongs.
pub(crate) fn settle(block: &Block, planned: &Value, live: &Value) -> Value {
    let Value::Map(planned) = planned else {
        return if planned.is_unknown() { block.settled(live.clone()) } else { planned.clone() };
    };
    let mut state = Map::new();
    for attribute in &block.attributes {
        let planned = planned.get(attribute.name).unwrap_or(&Value::Null);
        let value = match planned {
            _ if attribute.write_only => Value::Null,
            Value::Unknown => attribute.settled(live.get(attribute.name).clone()),
            planned => settle_value(planned, live.get(attribute.name)),
        };
        state.insert(attribute.name.to_owned(), value);
    }
    for nested in &block.blocks {
        let planned = planned.get(nested.name).unwrap_or(&Value::Null);
        let live = live.get(nested.name);
        let block = &nested.block;
        let value = match (planned, live) {
            (Value::Unknown, Value::Null) => nested.absent(),
            (Value::Unknown, Value::List(items)) => {
                Value::List(items.iter().map(|item| block.settled(item.clone())).collect())
            }
            (Value::Unknown, Value::Set(items)) => {
                Value::set(items.iter().map(|item| block.settled(item.clone())))
            }
            (Value::Unknown, live) => live.clone(),
            (Value::List(items), live) if nested.nesting == BlockNesting::List => {
                let pairs = items.iter().enumerate();
                Value::List(pairs.map(|(i, item)| settle(block, item, element(live, i))).collect())
            }
            (Value::Set(items), live) => {
                let exact = |item: &Value, live: &Value| completion_problems(block, item, live).is_empty();
                let loose = |item: &Value, live: &Value| same_as_planned(block, item, live);
                let twins = set_matching::pair(items, live.as_elements().unwrap_or_default(), &exact, &loose);
                let pairs = items.iter().zip(twins);
                Value::set(pairs.map(|(item, twin)| settle(block, item, twin.unwrap_or(&Value::Null))))
            }
            (planned, live) => settle(block, planned, live),
        };
        state.insert(nested.name.to_owned(), value);
    }
    Value::Map(state)
}

fn settle_value(planned: &Value, live: &Value) -> Value {
    match planned {
        Value::Unknown => live.clone(),
        planned if planned.is_wholly_known() => planned.clone(),
        Value::List(items) => {
            let pairs = items.iter().enumerate();
            Value::List(pairs.map(|(i, item)| settle_value(item, element(live, i))).collect())
        }
        Value::Set(items) => {
            let twins =
                set_matching::pair(items, live.as_elements().unwrap_or_default(), &completes, &|_, _| false);
            let pairs = items.iter().zip(twins);
            Value::set(pairs.map(|(item, twin)| settle_value(item, twin.unwrap_or(&Value::Null))))
        }
        Value::Map(entries) => Value::Map(
            entries.iter().map(|(key, item)| (key.clone(), settle_value(item, live.get(key)))).collect(),
        ),
        Value::Typed(ty, item) => {
            let live = match live {
                Value::Typed(other, live) if other == ty => live,
                _ => &Value::Null,
            };
            Value::Typed(ty.clone(), Box::new(settle_value(item, live)))
        }
        known => known.clone(),
    }
}

/// True when the live object may be the planned one in another spelling.
fn same_as_planned(block: &Block, planned: &Value, live: &Value) -> bool {
    block.attributes.iter().all(|attribute| {
        let (planned, live) = (planned.get(attribute.name), live.get(attribute.name));
        completes(planned, live) || attribute.same(live, planned)
    })
}

fn element(list: &Value, index: usize) -> &Value {
    list.as_elements().and_then(|items| items.get(index)).unwrap_or(&Value::Null)
}
