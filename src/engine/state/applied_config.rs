//! The configuration that an apply carries out.
//!
//! Terraform applies `ignore_changes` when it plans: the provider then receives the prior value of an ignored argument as
//! its configuration. For the apply it evaluates the configuration again and sends it as it is written
//! (`node_resource_abstract_instance.go`, `plan` and `apply`). An apply that derives a request from an ignored argument
//! would therefore do what no plan has shown. The planned state has the values that the plan was made with, so each
//! argument that differs from it is taken from there.

use super::set_matching;
use crate::schema::{Attribute, Block, BlockNesting, Nested, NestedBlock, Nesting};
use crate::value::{Map, Value};

/// The configuration as the plan of this `planned` state had it. Arguments that the configuration omits remain omitted as
/// long as the provider may have chosen their planned values; write-only ones are in no plan and remain as they are.
pub(crate) fn applied_config(block: &Block, config: &Value, planned: &Value) -> Value {
    object(&block.attributes, &block.blocks, config, planned)
}

fn object(attributes: &[Attribute], blocks: &[NestedBlock], config: &Value, planned: &Value) -> Value {
    if config.as_map().is_none() || planned.as_map().is_none() {
        return config.clone();
    }
    let of = |name: &str| (config.get(name), planned.get(name));
    let mut applied = Map::new();
    for attribute in attributes {
        let (config, planned) = of(attribute.name);
        applied.insert(attribute.name.to_owned(), argument(attribute, config, planned));
    }
    for nested in blocks {
        let (config, planned) = of(nested.name);
        let block = &nested.block;
        let is_list = nested.nesting != BlockNesting::Set;
        applied.insert(
            nested.name.to_owned(),
            items(&block.attributes, &block.blocks, is_list, config, planned),
        );
    }
    Value::Map(applied)
}

fn argument(attribute: &Attribute, config: &Value, planned: &Value) -> Value {
    if attribute.write_only || !attribute.is_configurable() || attribute.same(config, planned) {
        return config.clone();
    }
    match (&attribute.nested, config) {
        // The provider may have chosen the value.
        (_, Value::Null) if attribute.is_computed() && attribute.default.is_none() => Value::Null,
        (Some(nested), _) if !attribute.verbatim && !config.is_null() => {
            nested_argument(nested, config, planned)
        }
        _ if planned.is_wholly_known() => planned.clone(),
        _ => config.clone(),
    }
}

fn nested_argument(nested: &Nested, config: &Value, planned: &Value) -> Value {
    match (nested.nesting, config, planned) {
        (Nesting::Single, ..) => items(&nested.attributes, &[], true, config, planned),
        (Nesting::Map, Value::Map(given), Value::Map(entries)) => {
            let entry = |(key, planned): (&String, &Value)| {
                let config = given.get(key).unwrap_or(planned);
                (key.clone(), object(&nested.attributes, &[], config, planned))
            };
            Value::Map(entries.iter().map(entry).collect()).unknown_to_null()
        }
        (nesting, ..) => items(&nested.attributes, &[], nesting == Nesting::List, config, planned),
    }
}

/// One object or several. Those of a list continue each other by their place. Elements of a set have no identity, and
/// `ignore_changes` concerns a whole set: it is as configured, or as planned.
fn items(
    attributes: &[Attribute],
    blocks: &[NestedBlock],
    is_list: bool,
    config: &Value,
    planned: &Value,
) -> Value {
    match (config.as_elements(), planned.as_elements()) {
        // A plan may retain what a state has and the configuration omits.
        (Some([]), _) => config.clone(),
        (Some(given), Some(expected)) if given.len() == expected.len() => {
            if is_list {
                let pairs = given.iter().zip(expected);
                return Value::List(
                    pairs.map(|(config, planned)| object(attributes, blocks, config, planned)).collect(),
                );
            }
            let agrees = |given: &Value, expected: &Value| {
                equivalent(attributes, blocks, &object(attributes, blocks, given, expected), given)
            };
            let pairs = set_matching::pair(given, expected, &agrees, &|_, _| false);
            if pairs.iter().all(Option::is_some) {
                return config.clone();
            }
            planned.clone().unknown_to_null()
        }
        (Some(_), Some(_)) => planned.clone().unknown_to_null(),
        (None, None) if !config.is_null() && !planned.is_null() => {
            object(attributes, blocks, config, planned)
        }
        // A single object that is ignored, or a number of items that is not known.
        _ if planned.is_unknown() => config.clone(),
        _ => planned.clone().unknown_to_null(),
    }
}

/// True if two configurations of an object are the same.
fn equivalent(attributes: &[Attribute], blocks: &[NestedBlock], a: &Value, b: &Value) -> bool {
    attributes.iter().all(|it| it.same(a.get(it.name), b.get(it.name)))
        && blocks.iter().all(|it| a.get(it.name) == b.get(it.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn shard_attributes() -> Vec<Attribute> {
        vec![
            Attribute::optional_computed("id", Type::String, ""),
            Attribute::optional_computed("replicas", Type::Number, ""),
        ]
    }

    fn block() -> Block {
        let nested =
            |name, nesting| Attribute::optional(name, Type::Dynamic, "").nested(nesting, shard_attributes());
        Block::new("")
            .attributes([
                Attribute::required("name", Type::String, ""),
                Attribute::optional("zones", Type::list(Type::String), ""),
                Attribute::optional("window", Type::String, "").default("sun"),
                Attribute::optional_computed("size", Type::Number, ""),
                Attribute::computed("arn", Type::String, ""),
                Attribute::optional("password", Type::String, "").write_only(),
                nested("one", Nesting::Single),
                nested("by_key", Nesting::Map),
            ])
            .block(NestedBlock::new(
                "list",
                BlockNesting::List,
                Block::new("").attributes(shard_attributes()),
            ))
            .block(NestedBlock::new(
                "shard",
                BlockNesting::Set,
                Block::new("").attributes(shard_attributes()),
            ))
    }

    fn applied(name: &str, config: Value, planned: Value) -> Value {
        let with = |value: Value| {
            let mut entries = block().empty_object();
            entries.insert(name.to_owned(), value);
            Value::Map(entries)
        };
        applied_config(&block(), &with(config), &with(planned)).get(name).clone()
    }

    fn shard(id: Value, replicas: Value) -> Value {
        Value::map([("id", id), ("replicas", replicas)])
    }

    #[test]
    fn ignored_arguments_are_as_planned() {
        let zones = |zone: &str| Value::List(vec![zone.into()]);
        assert_eq!(applied("name", "new".into(), "old".into()), "old".into());
        assert_eq!(applied("zones", zones("b"), zones("a")), zones("a"));
        assert_eq!(applied("zones", zones("b"), Value::Null), Value::Null);
        assert_eq!(applied("zones", Value::Null, zones("a")), zones("a"));
        assert_eq!(applied("size", 2.into(), 4.into()), 4.into());
        assert_eq!(applied("window", Value::Null, "mon".into()), "mon".into());
    }

    #[test]
    fn what_the_provider_chose_remains_omitted() {
        assert_eq!(applied("size", Value::Null, 4.into()), Value::Null);
        assert_eq!(applied("size", Value::Null, Value::Unknown), Value::Null);
        assert_eq!(applied("arn", Value::Null, "arn".into()), Value::Null);
        assert_eq!(applied("window", Value::Null, "sun".into()), Value::Null);
        assert_eq!(applied("zones", Value::Null, Value::List(Vec::new())), Value::Null);
    }

    #[test]
    fn write_only_arguments_are_as_configured() {
        assert_eq!(applied("password", "secret".into(), Value::Null), "secret".into());
    }

    #[test]
    fn objects_are_compared_by_argument() {
        let config = || shard("a".into(), Value::Null);
        let chosen = || shard("a".into(), 1.into());
        let ignored = || shard("b".into(), 1.into());
        let expected = || shard("b".into(), Value::Null);
        let list = |item: Value| Value::List(vec![item]);
        let map = |item: Value| Value::map([("k", item)]);
        for name in ["one", "by_key", "list"] {
            let wrap = |item: Value| match name {
                "by_key" => map(item),
                "list" => list(item),
                _ => item,
            };
            assert_eq!(applied(name, wrap(config()), wrap(chosen())), wrap(config()), "{name}");
            assert_eq!(applied(name, wrap(config()), wrap(ignored())), wrap(expected()), "{name}");
        }
        assert_eq!(applied("one", config(), Value::Null), Value::Null);
        assert_eq!(
            applied("by_key", map(config()), Value::map([("l", chosen())])),
            Value::map([("l", chosen())])
        );
    }

    #[test]
    fn sets_and_numbers_of_items_are_as_planned() {
        let set = |replicas: &[i64]| {
            let shard =
                |(at, replicas): (usize, &i64)| shard(at.to_string().as_str().into(), (*replicas).into());
            Value::set(replicas.iter().enumerate().map(shard))
        };
        let configured = |replicas: &[i64]| {
            Value::set(replicas.iter().map(|replicas| shard(Value::Null, (*replicas).into())))
        };
        assert_eq!(applied("shard", configured(&[1, 2]), set(&[1, 2])), configured(&[1, 2]));
        assert_eq!(applied("shard", configured(&[1, 3]), set(&[1, 2])), set(&[1, 2]));
        assert_eq!(applied("shard", configured(&[1]), set(&[1, 2])), set(&[1, 2]));
        assert_eq!(applied("shard", configured(&[1]), Value::set([])), Value::set([]));
        assert_eq!(applied("shard", Value::set([]), set(&[1])), Value::set([]));
        let open = Value::set([shard(Value::Unknown, 1.into())]);
        assert_eq!(applied("shard", configured(&[1]), open), configured(&[1]));
        let list = |count: usize| Value::List(vec![shard("a".into(), 1.into()); count]);
        assert_eq!(applied("list", list(1), list(2)), list(2));
    }
}
