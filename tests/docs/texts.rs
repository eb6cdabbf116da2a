//! Laws of the texts of schemas.

use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Attribute, Block};
use terraform_provider_elasticache::value::Value;

/// Every description in a block, each with its place.
pub fn texts(place: &str, block: &Block) -> Vec<(String, String)> {
    fn of(place: &str, attributes: &[Attribute], found: &mut Vec<(String, String)>) {
        for attribute in attributes {
            let place = format!("{place}.{}", attribute.name);
            if let Some(nested) = &attribute.nested {
                of(&place, &nested.attributes, found);
            }
            found.push((place, attribute.description.to_string()));
        }
    }
    let mut found = vec![(place.to_owned(), block.description.to_string())];
    of(place, &block.attributes, &mut found);
    for nested in &block.blocks {
        found.extend(texts(&format!("{place}.{}", nested.name), &nested.block));
    }
    found
}

/// The schemas of all kinds, by name.
pub fn blocks() -> Vec<(String, &'static Block)> {
    let resources = REGISTRY.resources.iter().map(|it| (it.type_name(), &it.schema().block));
    let data = REGISTRY.data_sources.iter().map(|it| (it.type_name(), &it.schema().block));
    let ephemeral = REGISTRY.ephemeral_resources.iter().map(|it| (it.type_name(), &it.schema().block));
    let lists = REGISTRY.list_resources.iter().map(|it| (it.type_name(), &it.schema().block));
    let actions = REGISTRY.actions.iter().map(|it| (it.type_name(), &it.schema().block));
    let all = resources.chain(data).chain(ephemeral).chain(lists).chain(actions);
    let all = all.chain([("provider", &provider::schema().block)]);
    all.map(|(name, block)| (name.to_owned(), block)).collect()
}

/// Fault K22. What is opened in every run, only read, or invoked, is never replaced.
#[test]
fn only_texts_of_resources_speak_of_replacement() {
    let ephemeral = REGISTRY.ephemeral_resources.iter().map(|it| (it.type_name(), &it.schema().block));
    let data = REGISTRY.data_sources.iter().map(|it| (it.type_name(), &it.schema().block));
    let lists = REGISTRY.list_resources.iter().map(|it| (it.type_name(), &it.schema().block));
    let actions = REGISTRY.actions.iter().map(|it| (it.type_name(), &it.schema().block));
    let mut visited = 0;
    for (name, block) in ephemeral.chain(data).chain(lists).chain(actions) {
        for (place, text) in texts(name, block) {
            visited += 1;
            let lower = text.to_ascii_lowercase();
            for words in
                ["forces a new", "forces replacement", "requires replacement", "means a new", "recreat"]
            {
                assert!(!lower.contains(words), "{place} says {words:?}: {text}");
            }
        }
    }
    assert!(visited > 100, "{visited} texts");
}

/// Fault K21. OpenTofu has write-only arguments too, and what lacks them is told so.
#[test]
fn every_requirement_of_a_version_names_both_programs() {
    let mut write_only = 0;
    for (name, block) in blocks() {
        for (place, text) in texts(&name, block) {
            let names_one = text.contains("eeds Terraform") && !text.contains("OpenTofu");
            assert!(!names_one, "{place} names Terraform alone: {text}");
        }
        for attribute in block.attributes.iter().filter(|attribute| attribute.write_only) {
            write_only += 1;
            let place = format!("{name}.{}", attribute.name);
            assert!(attribute.description.contains("Requires Terraform or OpenTofu 1.11."), "{place}");
            let config = block.conform(Value::map([(attribute.name, Value::from("given"))]));
            let refused = block.reject_write_only(&config);
            let said: Vec<_> = refused.iter().map(|it| (it.summary.as_str(), it.detail.as_str())).collect();
            let [(summary, detail)] = said[..] else { panic!("{place}: {said:?}") };
            assert_eq!(summary, format!("{} needs Terraform or OpenTofu 1.11", attribute.name));
            let fix = "Use Terraform 1.11 or later, or OpenTofu 1.11 or later.";
            assert!(detail.contains(fix), "{place}: {detail}");
        }
    }
    assert!(write_only >= 4, "{write_only} write-only arguments");
}
