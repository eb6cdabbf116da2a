//! What the migration does not rewrite, and the reader should know of.

use std::path::Path;

use super::catalog::Catalog;
use super::finding::{Finding, Level};
use super::module::{Module, Target};
use super::needs::Unit;
use super::source::span;

/// Words in the source of a module that is likely to have caches.
const OF_CACHES: [&str; 4] = ["cache", "memcached", "redis", "valkey"];

/// The first version of Terraform that moves an object from one provider to another.
const FIRST: [u64; 2] = [1, 8];

/// A file in JSON that names what has a counterpart here.
pub(crate) fn json(
    path: &Path,
    text: &str,
    catalog: &Catalog,
    unit: Option<&Unit<'_, '_>>,
) -> Option<Finding> {
    let types = [&catalog.resources, &catalog.data_sources].into_iter().flat_map(|types| types.keys());
    let types = types.filter(|name| name.starts_with("aws_elasticache_")).cloned();
    let chosen = unit.into_iter().flat_map(|unit| unit.selection.objects.keys());
    let words: Vec<String> =
        types.chain(chosen.map(|address| format!("{}.{}", address.type_name, address.name))).collect();
    let line = text.lines().position(|line| words.iter().any(|word| line.contains(word)))?;
    let text = "The file is JSON, which is not rewritten. Change the types in it by hand, as in the table of the guide, \
                and add `moved` blocks for its resources.";
    Some(Finding::at(path, line + 1, Level::Action, text))
}

/// A file of another program that writes the provider block of a configuration.
pub(crate) fn generator(path: &Path, text: &str) -> Option<Finding> {
    let line = text.lines().position(|line| line.trim_start().starts_with("provider \"aws\""))?;
    let text = "The provider block for hashicorp/aws is written from here, such as by Terragrunt. Have one for this \
                provider written as well, where a module that was rewritten is used.";
    Some(Finding::at(path, line + 1, Level::Action, text))
}

/// Calls of modules that cannot be looked into.
pub(crate) fn calls(module: &Module<'_>) -> Vec<Finding> {
    let findings = module.calls.iter().filter_map(|call| {
        let text = match &call.target {
            Target::Local(_) => return None,
            Target::Remote(source) if !OF_CACHES.iter().any(|word| source.to_lowercase().contains(word)) => {
                return None;
            }
            Target::Remote(source) => format!(
                "The module `{source}` is not in this folder, so its caches stay with hashicorp/aws. Vendor it, and call \
                 it by its path, to have it rewritten."
            ),
            Target::Outside(source) => format!(
                "The module `{source}` is outside of this folder, so it is not rewritten. Migrate a folder that has both."
            ),
            Target::Unknown => "The source of this module is not a text, so it is not known which one it is.".to_owned(),
        };
        Some(call.declared.source.finding(span(call.declared.block).start, Level::Note, text))
    });
    findings.collect()
}

/// Version constraints that exclude the hosts which know the `moved` blocks of a module.
pub(crate) fn versions(module: &Module<'_>) -> Vec<Finding> {
    let constraints = module.settings.iter().filter_map(|declared| {
        let constraint = declared.block.body.get_attribute("required_version")?;
        let text = constraint.value.as_str().filter(|text| text.split(',').any(excludes_first))?;
        let text = format!(
            "`{text}` excludes the versions that move an object from one provider to another: Terraform 1.8 and later, \
             OpenTofu 1.10 and later. Raise it."
        );
        Some(declared.source.finding(span(constraint).start, Level::Action, text))
    });
    constraints.collect()
}

/// True for a constraint that no version from the first on satisfies.
fn excludes_first(constraint: &str) -> bool {
    let constraint = constraint.trim();
    let version = constraint.trim_start_matches(['<', '>', '=', '~', '!', ' ']);
    let operator = constraint[..constraint.len() - version.len()].trim();
    let parts: Vec<u64> = version.split('.').map_while(|part| part.parse().ok()).collect();
    let [major, rest @ ..] = parts.as_slice() else { return false };
    let own = [*major, rest.first().copied().unwrap_or(0)];
    match operator {
        "" | "=" | "<=" => own < FIRST,
        "<" => own < FIRST || (own == FIRST && rest.get(1).is_none_or(|patch| *patch == 0)),
        "~>" if parts.len() > 2 => own < FIRST,
        "~>" => own[0] < FIRST[0],
        _ => false,
    }
}
