//! `required_providers`: the entry of this provider, and that of hashicorp/aws where nothing uses it any more.

use hcl_edit::structure::Block;

use super::catalog::Catalog;
use super::changes::Changes;
use super::edits::Edits;
use super::finding::Level;
use super::module::{AWS, Declared, ELASTICACHE, Module, Requirement};
use super::needs::Unit;
use super::source::{Source, span};
use super::tree::Tree;

/// Files that usually have the `terraform` block, for a module without one.
const USUAL: [&str; 3] = ["versions.tf", "terraform.tf", "providers.tf"];

/// Names for a new file.
const NEW: [&str; 2] = ["versions.tf", "elasticache_versions.tf"];

/// Requires this provider in a module that needs it, and hashicorp/aws only where it is still used.
pub(crate) fn require(unit: &Unit<'_, '_>, catalog: &Catalog, tree: &Tree, changes: &mut Changes) {
    if unit.elasticache.is_empty() {
        return;
    }
    let aws = unit.module.requirement(AWS).copied();
    let aliases: Vec<String> =
        aws.iter().flat_map(Requirement::aliases).filter(|alias| is_passed(unit, alias)).collect();
    if let Some(own) = unit.module.requirement(ELASTICACHE) {
        let known = own.aliases();
        for alias in aliases.iter().filter(|alias| !known.contains(alias)) {
            let text = format!("Add `{ELASTICACHE}.{alias}` to `configuration_aliases` of this provider.");
            changes.findings.push(own.source.finding(span(own.entry).start, Level::Action, text));
        }
        return;
    }
    let lines = entry(catalog, &aliases);
    match aws {
        Some(aws) => beside(unit, &aws, &lines, changes),
        None => match settings(&unit.module) {
            Some(declared) => within(declared, &lines, changes),
            None => elsewhere(&unit.module, &lines, tree, changes),
        },
    }
}

/// The `terraform` block for the entry. A module has one block `required_providers` at most, in any of its files.
fn settings<'m, 's>(module: &'m Module<'s>) -> Option<&'m Declared<'s>> {
    let requires = |declared: &&Declared<'_>| declared.block.body.has_blocks("required_providers");
    module.settings.iter().find(requires).or(module.settings.first())
}

/// True for an alias that this provider needs, and that the caller of the module passes.
fn is_passed(unit: &Unit<'_, '_>, alias: &str) -> bool {
    let configuration = Some(alias.to_owned());
    unit.elasticache.contains(&configuration) && !unit.is_own(&configuration)
}

/// The lines of the entry.
fn entry(catalog: &Catalog, aliases: &[String]) -> Vec<String> {
    let aliases: Vec<String> = aliases.iter().map(|alias| format!("{ELASTICACHE}.{alias}")).collect();
    let mut members =
        vec![("source", format!("\"{}\"", catalog.source)), ("version", format!("\"{}\"", catalog.version))];
    if !aliases.is_empty() {
        members.push(("configuration_aliases", format!("[{}]", aliases.join(", "))));
    }
    let width = members.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let members = members.iter().map(|(name, value)| format!("  {name:width$} = {value}"));
    let first = [format!("{ELASTICACHE} = {{")];
    first.into_iter().chain(members).chain(["}".to_owned()]).collect()
}

/// Beside the entry of hashicorp/aws, or in its place.
fn beside(unit: &Unit<'_, '_>, aws: &Requirement<'_>, lines: &[String], changes: &mut Changes) {
    let source = aws.source;
    let place = span(aws.entry);
    let (newline, indent) = (source.newline(), source.indent(place.start));
    let text = lines.join(&format!("{newline}{indent}"));
    let edits = changes.of(source);
    if !unit.keeps_aws() {
        edits.replace(place, text);
    } else if has_own_lines(source, &place) {
        edits.insert(source.line_end(place.end), format!("{newline}{indent}{text}"));
    } else {
        // `required_providers { aws = … }` in one line, which has room for one entry.
        let inner = format!("{newline}{indent}  ");
        let text = lines.join(&inner);
        edits.replace(before(source, place.start)..place.start, inner.clone());
        edits.replace(place.end..after(source, place.end), format!("{inner}{text}{newline}{indent}"));
    }
}

/// Where the spaces before a position begin.
fn before(source: &Source, at: usize) -> usize {
    source.part(0..at).trim_end_matches(' ').len()
}

/// Where the spaces behind a position end.
fn after(source: &Source, at: usize) -> usize {
    let rest = source.part(at..source.text.len());
    at + rest.len() - rest.trim_start_matches(' ').len()
}

fn has_own_lines(source: &Source, place: &std::ops::Range<usize>) -> bool {
    let before = source.part(source.line_start(place.start)..place.start);
    let after = source.part(place.end..source.line_end(place.end)).trim();
    before.trim().is_empty() && (after.is_empty() || after.starts_with(['#', '/', ',']))
}

/// In a `terraform` block that does not name hashicorp/aws.
fn within(declared: &Declared<'_>, lines: &[String], changes: &mut Changes) {
    let Declared { source, block } = declared;
    let edits = changes.of(source);
    match block.body.get_blocks("required_providers").next() {
        Some(inner) => append(source, inner, lines, edits),
        None => append(source, block, &required_providers(lines), edits),
    }
}

fn required_providers(lines: &[String]) -> Vec<String> {
    let first = ["required_providers {".to_owned()];
    let inner = lines.iter().map(|line| format!("  {line}"));
    first.into_iter().chain(inner).chain(["}".to_owned()]).collect()
}

/// At the end of a block.
fn append(source: &Source, block: &Block, lines: &[String], edits: &mut Edits) {
    let end = span(block).end.saturating_sub(1);
    let start = source.line_start(end);
    let (newline, indent) = (source.newline(), source.indent(span(block).start));
    let text: String = lines.iter().map(|line| format!("{indent}  {line}{newline}")).collect();
    if source.part(start..end).trim().is_empty() {
        let gap = if block.body.is_empty() { "" } else { newline };
        edits.insert(start, format!("{gap}{text}"));
        return;
    }
    // The block is one line: what it has gets a line of its own.
    let open = span(block).start + source.part(span(block)).find('{').unwrap_or_default() + 1;
    let content = source.part(open..end).trim();
    let content = if content.is_empty() { String::new() } else { format!("{indent}  {content}{newline}") };
    edits.replace(open..end, format!("{newline}{content}{text}{indent}"));
}

/// In a new `terraform` block.
fn elsewhere(module: &Module<'_>, lines: &[String], tree: &Tree, changes: &mut Changes) {
    let inner = required_providers(lines);
    let text: String = inner.iter().map(|line| format!("  {line}\n")).collect();
    let text = format!("terraform {{\n{text}}}\n");
    let usual = |source: &&&Source| USUAL.iter().any(|name| source.path == module.folder.join(name));
    if let Some(source) = module.sources.iter().find(usual) {
        changes.of(source).append(source, &text);
        return;
    }
    let mut names = NEW.iter().map(|name| module.folder.join(name));
    if let Some(path) = names.find(|path| tree.absolute(path).symlink_metadata().is_err()) {
        changes.new_files.insert(path, text);
    }
}
