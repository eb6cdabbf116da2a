//! The configuration of an existing object, for `plan -generate-config-out`.
//!
//! Terraform asks for it from version 1.14 on. Older versions and OpenTofu write every argument of the imported
//! state into the file, and the state has to hold each argument that has a default, the Region among them: core
//! shows null to a value as a change, so a configuration that gives the default would not import without one.

use crate::schema::{Attribute, Block, Mode, Nested, Nesting, Schema, common};
use crate::value::{Map, Value};

/// The arguments of this state that a user writes: without what the provider sets or defaults to, without secrets,
/// and without what validation refuses beside the others. `region` is that of the provider.
pub(in crate::engine) fn config(schema: &Schema, state: &Value, region: Option<&str>) -> Map {
    let mut config = of_block(&schema.block, state);
    let own = config.get(common::REGION).and_then(Value::as_str);
    if own.is_some() && own == region {
        config.insert(common::REGION.to_owned(), Value::Null);
    }
    while let Some(name) = unfit(&schema.block, &config) {
        config.insert(name.to_owned(), Value::Null);
    }
    config
}

fn of_block(block: &Block, object: &Value) -> Map {
    let attributes = block.attributes.iter().map(|it| (it.name, of_attribute(it, object.get(it.name))));
    let blocks = block.blocks.iter().map(|nested| {
        let item = |item: &Value| Value::Map(of_block(&nested.block, item));
        let value = match object.get(nested.name) {
            Value::List(items) => Value::List(items.iter().map(item).collect()),
            Value::Set(items) => Value::set(items.iter().map(item)),
            single @ Value::Map(_) => item(single),
            _ => nested.absent(),
        };
        (nested.name, value)
    });
    attributes.chain(blocks).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn of_attribute(attribute: &Attribute, value: &Value) -> Value {
    // Core writes null for a sensitive argument, whatever it is given.
    let is_hidden = attribute.sensitive || attribute.write_only;
    let is_discouraged = attribute.deprecated.is_some() || attribute.ignored;
    if is_hidden || is_discouraged || !attribute.is_configurable() {
        return Value::Null;
    }
    let is_default = || attribute.default.as_ref().is_some_and(|default| attribute.same(value, default));
    if attribute.mode != Mode::Required && (attribute.is_unset(value) || is_default()) {
        return Value::Null;
    }
    match &attribute.nested {
        Some(nested) if !attribute.verbatim => of_nested(nested, value),
        _ => value.clone(),
    }
}

fn of_nested(nested: &Nested, value: &Value) -> Value {
    let object = |item: &Value| match item {
        Value::Map(_) => {
            Value::map(nested.attributes.iter().map(|it| (it.name, of_attribute(it, item.get(it.name)))))
        }
        other => other.clone(),
    };
    match (nested.nesting, value) {
        (Nesting::List, Value::List(items)) => Value::List(items.iter().map(object).collect()),
        (Nesting::Set, Value::Set(items)) => Value::set(items.iter().map(object)),
        (Nesting::Map, Value::Map(entries)) => {
            Value::Map(entries.iter().map(|(key, item)| (key.clone(), object(item))).collect())
        }
        (_, single) => object(single),
    }
}

/// An argument that validation refuses: one that conflicts with another one, or that needs another one which the
/// configuration does not have.
fn unfit(block: &Block, config: &Map) -> Option<&'static str> {
    let value = |name: &str| config.get(name).unwrap_or(&Value::Null);
    let is_given = |name: &str| match block.attribute(name) {
        Some(attribute) => !attribute.is_unset(value(name)),
        None => !value(name).is_empty(),
    };
    block.attributes.iter().filter(|it| is_given(it.name)).find_map(|it| {
        let refused = it.conflicts.iter().copied().find(|other| is_given(other));
        // A nested block stays: it says more than the argument that it excludes.
        let refused = refused.map(|other| if block.attribute(other).is_some() { other } else { it.name });
        let is_incomplete = it.requires.iter().any(|other| !is_given(other));
        refused.or_else(|| is_incomplete.then_some(it.name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::AnyResource;
    use crate::schema::{BlockNesting, NestedBlock};
    use crate::testing::core::{plan, provider};
    use crate::testing::test_resource::TestResource;
    use crate::value::Type;

    fn texts<const N: usize>(texts: [&str; N]) -> Value {
        Value::List(texts.map(Value::from).to_vec())
    }

    /// Faults-met F13.
    #[test]
    fn only_what_a_user_writes_is_generated() {
        let rule = |key: &str, kind: &str| {
            Value::map([
                ("key", key.into()),
                ("value", "".into()),
                ("kind", kind.into()),
                ("slots", texts([])),
                ("index", 1.into()),
            ])
        };
        let kept_rule = |key: &str, kind: Value| {
            Value::map([
                ("key", key.into()),
                ("value", Value::Null),
                ("kind", kind),
                ("slots", Value::Null),
                ("index", Value::Null),
            ])
        };
        let route = |weight: Value| {
            let route = Value::map([("host", "h".into()), ("weight", weight), ("port", 6379.into())]);
            Value::map([("x", route)])
        };
        let step = |at: Value, rule: Value| {
            let step = [("name", Value::Null), ("at", at), ("rule", Value::set([rule]))];
            Value::List(vec![Value::map(step)])
        };
        let state = [
            ("id", "a".into()),
            ("name", "a".into()),
            ("description", "Managed".into()),
            ("engine", "redis".into()),
            ("version", "".into()),
            ("actual", "7.1".into()),
            ("revision", 1.into()),
            ("nodes", 0.into()),
            ("window", "".into()),
            ("zones", texts([])),
            ("subnets", Value::set(["s".into()])),
            ("parameters", Value::Map(Map::new())),
            ("members", texts(["m"])),
            ("by_name", route(1.into())),
            ("region", "eu-west-1".into()),
            ("tags", Value::Map(Map::new())),
            ("tags_all", Value::map([("team", "cache".into())])),
            ("rule", Value::set([rule("k", "other")])),
            ("step", step("now".into(), rule("k", "plain"))),
        ];
        let expected = [
            ("name", "a".into()),
            ("engine", "redis".into()),
            ("nodes", 0.into()),
            ("subnets", Value::set(["s".into()])),
            ("by_name", route(Value::Null)),
            ("rule", Value::set([kept_rule("k", "other".into())])),
            ("step", step(Value::Null, kept_rule("k", Value::Null))),
        ];
        let schema = TestResource.schema();
        let state = schema.block.imported(schema.block.settled(schema.conform(Value::map(state))));
        let config = TestResource.generate(&provider(), &state).unwrap();
        assert_eq!(config, schema.conform(Value::map(expected)));
        assert_eq!(plan(&TestResource, &state, &config).planned, state);

        let with = |name: &str, value: &str| {
            let Value::Map(mut other) = state.clone() else { panic!("no object") };
            other.insert(name.to_owned(), value.into());
            TestResource.generate(&provider(), &Value::Map(other)).unwrap().get(name).clone()
        };
        // An object elsewhere needs its Region.
        assert_eq!(with("region", "us-east-1"), "us-east-1".into());
        assert_eq!(with("secret", "0123456789abcdef"), Value::Null);
    }

    #[test]
    fn arguments_that_exclude_each_other_are_not_generated_together() {
        let text = |name| Attribute::optional(name, Type::String, "");
        let block = Block::new("")
            .attributes([
                text("datastore").conflicts(&["engine", "rule"]),
                text("engine"),
                text("version").requires(&["engine"]),
                text("patch").requires(&["version"]),
            ])
            .block(NestedBlock::new("rule", BlockNesting::List, Block::new("").attributes([text("key")])));
        let schema = Schema::new(block);
        let state = schema.conform(Value::map([
            ("datastore", "d".into()),
            ("engine", "redis".into()),
            ("version", "7.1".into()),
            ("patch", "2".into()),
        ]));
        let generated = Value::Map(config(&schema, &state, None));
        assert_eq!(generated, schema.conform(Value::map([("datastore", "d".into())])));

        let rules = ("rule", Value::List(vec![Value::map([("key", "k".into())])]));
        let state = schema.conform(Value::map([("datastore", "d".into()), rules.clone()]));
        let generated = Value::Map(config(&schema, &state, None));
        assert_eq!(generated, schema.conform(Value::map([rules])));
    }
}
