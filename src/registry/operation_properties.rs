//! What holds for every registered list resource and action. Core does not check the schemas of actions.

use crate::engine::{AnyAction, AnyListResource, AnyResource};
use crate::registry::REGISTRY;
use crate::schema::{Attribute, Block, Mode, Recompute, Replace};
use crate::testing::core::assert_names;
use crate::testing::test_operations::{Rehearse, TestListResource};
use crate::testing::test_resource::TestResource;
use crate::value::Value;

fn lists() -> impl Iterator<Item = &'static dyn AnyListResource> {
    let everything: &'static dyn AnyListResource = &TestListResource;
    REGISTRY.list_resources.iter().copied().chain([everything])
}

fn actions() -> impl Iterator<Item = &'static dyn AnyAction> {
    let rehearse: &'static dyn AnyAction = &Rehearse;
    REGISTRY.actions.iter().copied().chain([rehearse])
}

/// The configuration of an operation: nothing of it is planned, computed or kept.
fn assert_configuration(owner: &str, block: &Block) {
    assert!(block.description.ends_with('.'), "{owner} has no description that is a sentence");
    assert_attributes(owner, &block.attributes);
    for nested in &block.blocks {
        assert_configuration(&format!("{owner}.{}", nested.name), &nested.block);
    }
}

fn assert_attributes(owner: &str, attributes: &[Attribute]) {
    for attribute in attributes {
        let name = format!("{owner}.{}", attribute.name);
        assert!(attribute.description.ends_with('.'), "{name} has no description that is a sentence");
        assert!(matches!(attribute.mode, Mode::Required | Mode::Optional), "{name} is computed");
        assert!(attribute.default.is_none(), "{name} has a default, which nothing fills in");
        assert!(matches!(attribute.replace, Replace::Never), "{name} replaces something");
        assert_eq!(attribute.recompute, Recompute::Never, "{name} is recomputed");
        if let Some(nested) = &attribute.nested {
            assert_attributes(&name, &nested.attributes);
        }
    }
}

fn assert_region(owner: &str, block: &Block) {
    let region = block.attribute("region").unwrap_or_else(|| panic!("{owner} has no region"));
    assert_eq!(region.mode, Mode::Optional, "{owner}.region");
}

#[test]
fn names_are_unique_and_sorted() {
    assert_names(REGISTRY.list_resources.iter().map(|list| list.type_name()));
    assert_names(REGISTRY.actions.iter().map(|action| action.type_name()));
}

/// Terraform refuses a list resource without a managed type of the same name.
#[test]
fn every_list_resource_lists_a_managed_type() {
    let everything: &'static dyn AnyResource = &TestResource;
    let managed: Vec<&str> =
        REGISTRY.resources.iter().copied().chain([everything]).map(AnyResource::type_name).collect();
    for list in lists() {
        let name = list.type_name();
        assert!(managed.contains(&name), "{name} is not managed");
        assert_eq!(list.managed().type_name(), name);
        assert_configuration(name, &list.schema().block);
        assert_region(name, &list.schema().block);
    }
}

/// The managed types that cannot be listed, because they are no objects of AWS; see docs/ARCHITECTURE.md.
const NOT_LISTED: [&str; 1] = ["elasticache_alarm_set"];

#[test]
fn every_managed_type_is_listed_or_cannot_be() {
    let listed: Vec<&str> = REGISTRY.list_resources.iter().map(|list| list.type_name()).collect();
    let managed = REGISTRY.resources.iter().map(|resource| resource.type_name());
    let missing: Vec<&str> = managed.filter(|name| !listed.contains(name)).collect();
    assert_eq!(missing, NOT_LISTED);
}

#[test]
fn every_action_has_a_configuration_and_a_region() {
    for action in actions() {
        assert_configuration(action.type_name(), &action.schema().block);
        assert_region(action.type_name(), &action.schema().block);
    }
}

/// Terraform validates before anything is known; without a `config` block every attribute is null.
#[test]
fn what_is_not_known_yet_is_not_refused() {
    let lists = lists().map(|it| (it.type_name(), it.validate(&unknown(&it.schema().block))));
    let actions = actions().map(|it| (it.type_name(), it.validate(&unknown(&it.schema().block))));
    for (name, diags) in lists.chain(actions) {
        assert!(!diags.has_errors(), "{name}: {diags:?}");
    }
}

/// Every argument unknown, but those that exclude each other.
fn unknown(block: &Block) -> Value {
    let given = block.attributes.iter().filter(|attribute| attribute.conflicts.is_empty());
    let unknown = given.map(|attribute| (attribute.name, Value::Unknown));
    block.conform(Value::map(unknown))
}
