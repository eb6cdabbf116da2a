//! How deep Terraform finds the line of what a diagnostic is about.

use super::{Block, Nesting};
use crate::diag::Diagnostics;
use crate::value::{Path, Step};

impl Block {
    /// The diagnostics, each pointing as deep as Terraform finds a line: at an attribute, or at an
    /// element or entry of one. A path that leads on into an element would mark the whole block.
    #[must_use]
    pub fn located(&self, diags: Diagnostics) -> Diagnostics {
        diags.map_paths(|path| self.located_path(&path))
    }

    fn located_path(&self, path: &Path) -> Path {
        let mut block = self;
        let mut found = Path::root();
        let mut steps = path.steps().iter();
        while let Some(step) = steps.next() {
            let name = match step {
                Step::Attribute(name) => name,
                // One of several blocks.
                Step::Index(index) => {
                    found = found.index(*index);
                    continue;
                }
                Step::Key(key) => {
                    found = found.key(key);
                    continue;
                }
            };
            found = found.then(name);
            if let Some(nested) = block.nested_block(name) {
                block = &nested.block;
                continue;
            }
            let nested = block.attribute(name).and_then(|attribute| attribute.nested.as_ref());
            // Elements of sets cannot be addressed.
            if nested.is_some_and(|nested| nested.nesting == Nesting::Set) {
                break;
            }
            found = match steps.next() {
                // To Terraform, an attribute of an object is an entry of it.
                Some(Step::Attribute(key) | Step::Key(key)) => found.key(key),
                Some(Step::Index(index)) => found.index(*index),
                None => found,
            };
            break;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, BlockNesting, NestedBlock};
    use crate::value::Type;

    fn nested(name: &'static str, nesting: Nesting) -> Attribute {
        let inner = Attribute::optional("period", Type::Number, "");
        Attribute::optional(name, Type::Dynamic, "").nested(nesting, vec![inner])
    }

    /// K14.
    #[test]
    fn a_path_ends_at_the_last_part_that_has_a_line() {
        let inner = Block::new("")
            .attributes([Attribute::optional("name", Type::String, ""), nested("metrics", Nesting::Map)]);
        let block = Block::new("")
            .attributes([
                Attribute::optional("zones", Type::list(Type::String), ""),
                nested("metrics", Nesting::Map),
                nested("composite", Nesting::Single),
                nested("steps", Nesting::List),
                nested("rules", Nesting::Set),
            ])
            .block(NestedBlock::new("shard", BlockNesting::List, inner.clone()))
            .block(NestedBlock::new("timeouts", BlockNesting::Single, inner));
        let at = Path::attribute;
        for (path, located) in [
            (at("zones"), "zones"),
            (at("zones").index(1), "zones[1]"),
            (at("metrics").key("X"), "metrics[\"X\"]"),
            (at("metrics").key("X").then("period"), "metrics[\"X\"]"),
            (at("metrics").key("X").then("dimensions").key("a"), "metrics[\"X\"]"),
            (at("composite").then("period"), "composite[\"period\"]"),
            (at("composite").key("period"), "composite[\"period\"]"),
            (at("steps").index(2).then("period"), "steps[2]"),
            (at("rules").then("period"), "rules"),
            (at("shard").index(1).then("name"), "shard[1].name"),
            (at("shard").index(1).then("metrics").key("X").then("period"), "shard[1].metrics[\"X\"]"),
            (at("timeouts").then("name"), "timeouts.name"),
        ] {
            let mut diags = Diagnostics::new();
            diags.error_at(path.clone(), "Wrong", "It is wrong.");
            let found: Vec<String> =
                block.located(diags).iter().filter_map(|it| Some(it.path.as_ref()?.to_string())).collect();
            assert_eq!(found, [located], "{path}");
        }
    }
}
