//! Bringing together what was planned and what AWS returns.

use super::set_matching;
use crate::engine::conformance::{completes, completion_problems};
use crate::schema::{Block, BlockNesting};
use crate::value::{Map, Value};

/// The state after an apply: every known planned value exactly as planned (core
/// insists), and for each unknown one what AWS returns; null where it returns nothing.
/// A difference between a known planned value and AWS appears as drift at the next
/// read, where it belongs.
pub(crate) fn resolve_unknowns(block: &Block, planned: &Value, observed: &Value) -> Value {
    let Value::Map(planned) = planned else {
        return if planned.is_unknown() { block.settled(observed.clone()) } else { planned.clone() };
    };
    let mut state = Map::new();
    for attribute in &block.attributes {
        let planned = planned.get(attribute.name).unwrap_or(&Value::Null);
        let value = match planned {
            _ if attribute.write_only => Value::Null,
            Value::Unknown => attribute.settled(observed.get(attribute.name).clone()),
            planned => resolve_value(planned, observed.get(attribute.name)),
        };
        state.insert(attribute.name.to_owned(), value);
    }
    for nested in &block.blocks {
        let planned = planned.get(nested.name).unwrap_or(&Value::Null);
        let observed = observed.get(nested.name);
        let block = &nested.block;
        let value = match (planned, observed) {
            (Value::Unknown, Value::Null) => nested.absent(),
            (Value::Unknown, Value::List(items)) => {
                Value::List(items.iter().map(|item| block.settled(item.clone())).collect())
            }
            (Value::Unknown, Value::Set(items)) => {
                Value::set(items.iter().map(|item| block.settled(item.clone())))
            }
            (Value::Unknown, observed) => observed.clone(),
            (Value::List(items), observed) if nested.nesting == BlockNesting::List => {
                let pairs = items.iter().enumerate();
                Value::List(
                    pairs.map(|(i, item)| resolve_unknowns(block, item, element(observed, i))).collect(),
                )
            }
            (Value::Set(items), observed) => {
                let exact =
                    |item: &Value, observed: &Value| completion_problems(block, item, observed).is_empty();
                let loose = |item: &Value, observed: &Value| same_as_planned(block, item, observed);
                let counterparts =
                    set_matching::pair(items, observed.as_elements().unwrap_or_default(), &exact, &loose);
                let pairs = items.iter().zip(counterparts);
                Value::set(pairs.map(|(item, counterpart)| {
                    resolve_unknowns(block, item, counterpart.unwrap_or(&Value::Null))
                }))
            }
            (planned, observed) => resolve_unknowns(block, planned, observed),
        };
        state.insert(nested.name.to_owned(), value);
    }
    Value::Map(state)
}

fn resolve_value(planned: &Value, observed: &Value) -> Value {
    match planned {
        Value::Unknown => observed.clone(),
        planned if planned.is_wholly_known() => planned.clone(),
        Value::List(items) => {
            let pairs = items.iter().enumerate();
            Value::List(pairs.map(|(i, item)| resolve_value(item, element(observed, i))).collect())
        }
        Value::Set(items) => {
            let counterparts =
                set_matching::pair(items, observed.as_elements().unwrap_or_default(), &completes, &|_, _| {
                    false
                });
            let pairs = items.iter().zip(counterparts);
            Value::set(
                pairs.map(|(item, counterpart)| resolve_value(item, counterpart.unwrap_or(&Value::Null))),
            )
        }
        Value::Map(entries) => Value::Map(
            entries.iter().map(|(key, item)| (key.clone(), resolve_value(item, observed.get(key)))).collect(),
        ),
        Value::Typed(ty, item) => {
            let observed = match observed {
                Value::Typed(other, observed) if other == ty => observed,
                _ => &Value::Null,
            };
            Value::Typed(ty.clone(), Box::new(resolve_value(item, observed)))
        }
        known => known.clone(),
    }
}

/// True when the observed object may be the planned one in another spelling.
fn same_as_planned(block: &Block, planned: &Value, observed: &Value) -> bool {
    block.attributes.iter().all(|attribute| {
        let (planned, observed) = (planned.get(attribute.name), observed.get(attribute.name));
        completes(planned, observed) || attribute.same(observed, planned)
    })
}

fn element(list: &Value, index: usize) -> &Value {
    list.as_elements().and_then(|items| items.get(index)).unwrap_or(&Value::Null)
}
