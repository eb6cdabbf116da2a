//! Which values of a planned state must be known.

use crate::diag::Diagnostic;
use crate::schema::{Attribute, Block, BlockNesting, Nested, NestedBlock, Nesting};
use crate::value::{Path, Value};

/// The error of a planned state in which `subject`, the beginning of a sentence, is not known.
pub fn unknown_in_plan(subject: &str) -> Diagnostic {
    Diagnostic::error(
        "Unknown value in the planned state",
        format!(
            "{subject} is not known. The Terraform client has to send a planned state in which only values that the \
             provider determines are unknown."
        ),
    )
}

/// The error of a value that an apply leaves unknown, of which `problem` says so: the planned state has it as unknown, and
/// the resource has planned it.
pub(super) fn unknown_after_apply(problem: &str) -> Diagnostic {
    Diagnostic::error(
        "Unknown value after the apply",
        format!(
            "{problem}. The provider plans a value for it, but the planned state of the Terraform client has none. If the \
             client sent the planned state unchanged, this is a bug in the provider; please report it with the configuration \
             that led here."
        ),
    )
}

/// Refuses a planned state that leaves open what the configuration or a default determines. The provider plans no such
/// state, and an argument that is not known would be omitted from the request to AWS.
///
/// # Errors
/// A diagnostic at the first such attribute or block.
pub(crate) fn check_planned(block: &Block, config: &Value, planned: &Value) -> Result<(), Diagnostic> {
    if planned.is_null() || planned.is_wholly_known() {
        return Ok(());
    }
    let undetermined = match planned.as_map() {
        None => None,
        Some(_) => match undetermined(&block.attributes, &block.blocks, config, planned) {
            None => return Ok(()),
            found => found,
        },
    };
    let subject = undetermined.map_or("The object".to_owned(), |name| format!("`{name}`"));
    let problem = unknown_in_plan(&subject);
    Err(undetermined.map_or(problem.clone(), |name| problem.at(Path::attribute(name))))
}

/// The first attribute or block of an object with a value that must be known and is not.
fn undetermined(
    attributes: &[Attribute],
    blocks: &[NestedBlock],
    config: &Value,
    planned: &Value,
) -> Option<&'static str> {
    let of = |name: &str| (config.get(name), planned.get(name));
    let attributes = attributes.iter().map(|it| (it.name, is_determined(it, of(it.name))));
    let blocks = blocks.iter().map(|it| (it.name, is_block_determined(it, of(it.name))));
    attributes.chain(blocks).find_map(|(name, is_determined)| (!is_determined).then_some(name))
}

fn is_determined(attribute: &Attribute, (config, planned): (&Value, &Value)) -> bool {
    if planned.is_wholly_known() {
        return true;
    }
    match (config, &attribute.nested) {
        // The provider chooses the value.
        (Value::Null, _) => attribute.is_computed() && attribute.default.is_none(),
        (_, Some(nested)) if !attribute.verbatim => is_nested_determined(nested, config, planned),
        _ => false,
    }
}

fn is_nested_determined(nested: &Nested, config: &Value, planned: &Value) -> bool {
    let is_determined = |config: &Value, planned: &Value| {
        planned.is_null()
            || (planned.as_map().is_some()
                && undetermined(&nested.attributes, &[], config, planned).is_none())
    };
    match (nested.nesting, planned) {
        (Nesting::Single, planned) => is_determined(config, planned),
        (Nesting::Map, Value::Map(items)) => {
            items.iter().all(|(key, item)| is_determined(config.get(key), item))
        }
        (_, planned) => are_determined(nested.nesting == Nesting::List, config, planned, is_determined),
    }
}

fn is_block_determined(nested: &NestedBlock, (config, planned): (&Value, &Value)) -> bool {
    let block = &nested.block;
    let is_determined = |config: &Value, planned: &Value| {
        planned.is_null()
            || (planned.as_map().is_some()
                && undetermined(&block.attributes, &block.blocks, config, planned).is_none())
    };
    match nested.nesting {
        BlockNesting::Single => is_determined(config, planned),
        nesting => are_determined(nesting == BlockNesting::List, config, planned, is_determined),
    }
}

/// The same for the items of a list or set. Elements of a set have no identity, so theirs are compared with nothing.
fn are_determined(
    is_list: bool,
    config: &Value,
    planned: &Value,
    is_determined: impl Fn(&Value, &Value) -> bool,
) -> bool {
    let given = config.as_elements().filter(|_| is_list).unwrap_or_default();
    let Some(items) = planned.as_elements() else { return false };
    items.iter().enumerate().all(|(i, item)| is_determined(given.get(i).unwrap_or(&Value::Null), item))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn block() -> Block {
        let parts = || {
            vec![
                Attribute::required("name", Type::String, ""),
                Attribute::computed("arn", Type::String, ""),
                Attribute::optional_computed("size", Type::Number, ""),
            ]
        };
        let nested = |name, nesting| Attribute::optional(name, Type::Dynamic, "").nested(nesting, parts());
        Block::new("")
            .attributes([
                Attribute::required("id", Type::String, ""),
                Attribute::optional("zones", Type::list(Type::String), ""),
                Attribute::computed("arn", Type::String, ""),
                Attribute::optional_computed("port", Type::Number, ""),
                Attribute::optional("window", Type::String, "").default("sun"),
                nested("one", Nesting::Single),
                nested("by_key", Nesting::Map),
                nested("set", Nesting::Set),
            ])
            .block(NestedBlock::new("shard", BlockNesting::List, Block::new("").attributes(parts())))
    }

    /// The result for a planned state that is the configuration with these values.
    fn checked(given: &[(&str, Value)], planned: &[(&str, Value)]) -> Option<String> {
        let block = block();
        let config = given.iter().fold(block.empty_object(), |mut entries, (name, value)| {
            entries.insert((*name).to_owned(), value.clone());
            entries
        });
        let planned = planned.iter().fold(config.clone(), |mut entries, (name, value)| {
            entries.insert((*name).to_owned(), value.clone());
            entries
        });
        let error = check_planned(&block, &Value::Map(config), &Value::Map(planned)).err()?;
        assert_eq!(error.summary, "Unknown value in the planned state");
        Some(error.path?.to_string())
    }

    fn item(name: Value, arn: Value, size: Value) -> Value {
        Value::map([("name", name), ("arn", arn), ("size", size)])
    }

    #[test]
    fn only_what_the_provider_determines_may_be_unknown() {
        let unknown = || Value::Unknown;
        let refused = |name: &str| Some(name.to_owned());
        assert_eq!(checked(&[], &[("arn", unknown()), ("port", unknown())]), None);
        assert_eq!(checked(&[("id", "a".into())], &[("id", unknown())]), refused("id"));
        assert_eq!(checked(&[], &[("id", unknown())]), refused("id"));
        assert_eq!(checked(&[], &[("zones", unknown())]), refused("zones"));
        assert_eq!(checked(&[], &[("zones", Value::List(vec![unknown()]))]), refused("zones"));
        assert_eq!(checked(&[("port", 1.into())], &[("port", unknown())]), refused("port"));
        assert_eq!(checked(&[], &[("window", unknown())]), refused("window"));
        assert_eq!(checked(&[], &[("shard", unknown())]), refused("shard"));
        assert_eq!(check_planned(&block(), &Value::Null, &Value::Null), Ok(()));
        let whole = check_planned(&block(), &Value::Null, &Value::Unknown).unwrap_err();
        assert!(whole.path.is_none() && whole.detail.starts_with("The object is not known."), "{whole:?}");
    }

    #[test]
    fn items_are_compared_with_those_of_the_configuration() {
        let given = || item("a".into(), Value::Null, 1.into());
        let open = || item("a".into(), Value::Unknown, 1.into());
        let unnamed = || item(Value::Unknown, Value::Unknown, 1.into());
        let without_size = || item("a".into(), Value::Null, Value::Unknown);
        type Wrap = fn(Value) -> Value;
        let all: [(&str, Wrap); 4] = [
            ("one", |it| it),
            ("by_key", |it| Value::map([("k", it)])),
            ("set", |it| Value::set([it])),
            ("shard", |it| Value::List(vec![it])),
        ];
        for (name, wrap) in all {
            let check = |planned: Value| checked(&[(name, wrap(given()))], &[(name, wrap(planned))]);
            assert_eq!(check(open()), None, "{name}");
            assert_eq!(check(unnamed()), Some(name.to_owned()));
            assert_eq!(check(Value::Unknown), Some(name.to_owned()));
            // Which element of a set a planned one continues is not known.
            let expected = (name != "set").then(|| name.to_owned());
            assert_eq!(check(without_size()), expected, "{name}");
        }
    }
}
