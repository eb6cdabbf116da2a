//! Whether an existing object is as a plan describes it.

use super::read;
use crate::schema::{Schema, common};
use crate::value::{IntoValue, Value};

/// The arguments in which an existing object differs from the planned one, in the order
/// of the schema. `observed` is the planned model with what AWS returns written over it, so
/// that an argument which AWS does not return never differs. Spelling makes no
/// difference, and what the plan leaves to AWS agrees with whatever AWS chose.
pub fn differences(schema: &Schema, planned: impl IntoValue, observed: impl IntoValue) -> Vec<&'static str> {
    let (planned, observed) = (planned.into_value(), observed.into_value());
    let agreed = read::reconcile(&schema.block, &planned, &observed);
    let is_planned = |name: &&'static str| planned.get(name).is_wholly_known();
    let arguments = schema
        .block
        .attributes
        .iter()
        .filter(|attribute| attribute.is_configurable() && !attribute.write_only)
        .filter(|attribute| {
            // What AWS chose where nothing was asked for, such as a window.
            !(attribute.is_computed() && attribute.is_unset(planned.get(attribute.name)))
        })
        .map(|attribute| attribute.name);
    let blocks = schema.block.blocks.iter().map(|nested| nested.name);
    arguments
        .chain(blocks)
        // The object's place, and time limits, are no properties of the object.
        .filter(|name| ![common::REGION, common::TIMEOUTS, common::TAGS].contains(name))
        .filter(is_planned)
        .filter(|name| !agrees(agreed.get(name), planned.get(name)))
        .collect()
}

fn agrees(agreed: &Value, planned: &Value) -> bool {
    agreed == planned || (agreed.is_empty() && planned.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Block, BlockNesting, Equivalence, NestedBlock};
    use crate::testing::test_resource::Raw;
    use crate::value::Type;

    #[test]
    fn differences_are_those_that_a_read_would_show() {
        let text = |name: &'static str| Attribute::optional(name, Type::String, "");
        let schema = Schema::new(
            Block::new("")
                .attributes([
                    text("description"),
                    text("engine").equivalent_if(Equivalence::IgnoreCase),
                    Attribute::optional_computed("window", Type::String, ""),
                    Attribute::computed("arn", Type::String, ""),
                    text("password").write_only(),
                ])
                .block(NestedBlock::new("rule", BlockNesting::Set, Block::new("").attributes([text("key")]))),
        );
        let object = |entries: &[(&str, Value)]| {
            let mut object = schema.empty_object();
            object.extend(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            Value::Map(object)
        };
        let rule = |key: &str| Value::set([Value::map([("key", Value::from(key))])]);
        let planned = object(&[
            ("description", "".into()),
            ("engine", "Redis".into()),
            ("window", Value::Unknown),
            ("arn", Value::Unknown),
            ("rule", rule("a")),
        ]);
        let observed = |description: Value, engine: &str, key: &str| {
            object(&[
                ("description", description),
                ("engine", engine.into()),
                ("window", "mon".into()),
                ("arn", "arn:x".into()),
                ("rule", rule(key)),
            ])
        };
        assert_eq!(
            differences(&schema, Raw(planned.clone()), Raw(observed(Value::Null, "redis", "a"))),
            [] as [&str; 0]
        );
        assert_eq!(
            differences(&schema, Raw(planned), Raw(observed("other".into(), "valkey", "b"))),
            ["description", "engine", "rule"]
        );
    }
}
