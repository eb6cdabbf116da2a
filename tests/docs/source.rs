//! Every example and page names the provider by the source that the code names.

use std::fs;
use std::path::Path;

use terraform_provider_elasticache::provider::SOURCE;

use crate::pages::root;

/// A host in the source would bind OpenTofu to the registry of Terraform, or the reverse.
#[test]
fn examples_and_pages_name_the_source_without_a_registry_host() {
    let mut sources = Vec::new();
    for place in ["README.md", "docs", "examples"] {
        collect(&root().join(place), &mut sources);
    }
    assert!(sources.len() > 10, "{sources:?}");
    let wrong: Vec<_> = sources.iter().filter(|(_, source)| source != SOURCE).collect();
    assert!(wrong.is_empty(), "not {SOURCE:?}: {wrong:#?}");
}

/// The values of `source = "…"` that name this provider, with the file of each.
fn collect(place: &Path, sources: &mut Vec<(String, String)>) {
    if place.is_dir() {
        return fs::read_dir(place).unwrap().for_each(|entry| collect(&entry.unwrap().path(), sources));
    }
    let Ok(text) = fs::read_to_string(place) else { return };
    for rest in text.split("source").skip(1) {
        let Some(value) = rest.trim_start().strip_prefix('=').and_then(|rest| rest.split('"').nth(1)) else {
            continue;
        };
        if value.contains(SOURCE.split('/').next().unwrap()) {
            sources.push((place.display().to_string(), value.to_owned()));
        }
    }
}
