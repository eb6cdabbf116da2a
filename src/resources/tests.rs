//! What holds for every registered resource.

use super::RESOURCES;
use crate::engine::testing::{assert_model, assert_names};
use crate::schema::{Attribute, Block, Check};

#[test]
fn names_are_unique_and_sorted() {
    assert_names(RESOURCES.iter().map(|resource| resource.type_name()));
}

#[test]
fn models_hold_exactly_what_schemas_have() {
    for resource in RESOURCES {
        assert_model(resource.type_name(), &resource.schema().block, resource.model_attributes());
    }
}

#[test]
fn every_part_is_described_and_consistent() {
    fn attributes_of(owner: &str, attributes: &[Attribute]) {
        for attribute in attributes {
            let name = format!("{owner}.{}", attribute.name);
            assert!(attribute.description.ends_with('.'), "{name} has no description that is a sentence");
            assert!(!(attribute.write_only && attribute.is_computed()), "{name} is write-only and computed");
            for check in &attribute.checks {
                compile(check);
            }
            if let Some(nested) = &attribute.nested {
                attributes_of(&name, &nested.attributes);
            }
        }
    }
    fn compile(check: &Check) {
        match check {
            Check::Pattern(pattern, _) => assert!(!pattern.as_str().is_empty()),
            Check::Each(inner) => compile(inner),
            _ => {}
        }
    }
    fn block_of(owner: &str, block: &Block) {
        attributes_of(owner, &block.attributes);
        for attribute in &block.attributes {
            for other in attribute.conflicts.iter().chain(attribute.requires) {
                let known = block.attribute(other).is_some() || block.nested_block(other).is_some();
                assert!(known, "{owner}.{} refers to {other}, which does not exist", attribute.name);
            }
        }
        for nested in &block.blocks {
            block_of(&format!("{owner}.{}", nested.name), &nested.block);
        }
    }
    for resource in RESOURCES {
        block_of(resource.type_name(), &resource.schema().block);
    }
}
