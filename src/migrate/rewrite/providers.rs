//! `provider` blocks, and the provider configurations that calls of modules pass on.

use std::ops::Range;

use hcl_edit::structure::{Block, Structure};

use super::arguments;
use super::catalog::Members;
use super::changes::Changes;
use super::edits::Edits;
use super::finding::{Finding, Level};
use super::legacy::whole_lines;
use super::module::{AWS, Call, Declared, ELASTICACHE, Passed, Target, alias};
use super::needs::Unit;
use super::objects::Units;
use super::source::{Source, label, label_span, span};

/// Arguments of every `provider` block.
const META_ARGUMENTS: [&str; 2] = ["alias", "for_each"];

/// A version constraint in the form of Terraform 0.12, which moves nowhere: `required_providers` has it.
const VERSION: &str = "version";

/// Gives a module the `provider` blocks of this provider that it needs.
pub(crate) fn configure(unit: &Unit<'_, '_>, members: &Members, changes: &mut Changes) {
    for Declared { source, block } in &unit.module.providers {
        let configuration = alias(block);
        let is_needed = label(block, 0) == AWS
            && unit.elasticache.contains(&configuration)
            && !unit.module.configures(ELASTICACHE, &configuration);
        if !is_needed {
            continue;
        }
        let (removals, mut findings) = removals(source, block, members);
        changes.findings.append(&mut findings);
        let edits = changes.of(source);
        if unit.aws.contains(&configuration) {
            copy(source, block, &removals, edits);
        } else {
            replace(source, block, &removals, edits);
        }
    }
}

/// The arguments and blocks of a `provider` block that this provider does not have.
fn removals(source: &Source, block: &Block, members: &Members) -> (Vec<Range<usize>>, Vec<Finding>) {
    let (mut ranges, mut findings) = (Vec::new(), Vec::new());
    for structure in &block.body {
        let missing = match structure {
            Structure::Attribute(attribute) if META_ARGUMENTS.contains(&attribute.key.as_str()) => continue,
            other => arguments::missing_of(other, members),
        };
        for missing in missing {
            if missing.name != VERSION {
                let text =
                    format!("The provider block of this provider has no `{}`, so it omits it.", missing.name);
                findings.push(source.finding(missing.place.start, Level::Note, text));
            }
            ranges.push(whole_lines(source, &missing.place));
        }
    }
    (ranges, findings)
}

/// The block becomes one of this provider.
fn replace(source: &Source, block: &Block, removals: &[Range<usize>], edits: &mut Edits) {
    edits.word(source, label_span(block, 0), AWS, ELASTICACHE);
    for range in removals {
        edits.replace(range.clone(), "");
    }
}

/// The block gets one of this provider behind it.
fn copy(source: &Source, block: &Block, removals: &[Range<usize>], edits: &mut Edits) {
    let mut within = edits.clone();
    replace(source, block, removals, &mut within);
    let place = span(block);
    if let Some(text) = within.apply_within(&source.text, place.clone()) {
        let (newline, indent) = (source.newline(), source.indent(place.start));
        edits.insert(source.line_end(place.end), format!("{newline}{newline}{indent}{text}"));
    }
}

/// Passes the configurations of this provider to the modules that need them.
pub(crate) fn pass<'u, 'a, 'c>(unit: &'u Unit<'a, 'c>, units: &Units<'u, 'a, 'c>, changes: &mut Changes) {
    for call in &unit.module.calls {
        let Target::Local(folder) = &call.target else { continue };
        let (Some(inner), Some(passed)) = (units.at(folder), &call.providers) else { continue };
        if inner.elasticache.is_empty() {
            continue;
        }
        let source = call.declared.source;
        let mut has_new = false;
        for entry in passed.iter().filter(|entry| entry.inner.local == AWS) {
            let configuration = &entry.inner.configuration;
            let has_own = passed
                .iter()
                .any(|it| it.inner.local == ELASTICACHE && it.inner.configuration == *configuration);
            let is_needed =
                inner.elasticache.contains(configuration) && !inner.is_own(configuration) && !has_own;
            if is_needed && entry.outer.local != AWS {
                let text = format!(
                    "The module needs a configuration of this provider as well: add `{}` to `providers`.",
                    key(ELASTICACHE, configuration)
                );
                changes.findings.push(source.finding(span(entry.key).start, Level::Action, text));
                continue;
            }
            has_new |= is_needed;
            let edits = changes.of(source);
            match (is_needed, inner.keeps_aws()) {
                (true, true) => add_entry(source, call, entry, edits),
                (true, false) => {
                    edits.word(source, entry.inner.span.clone(), AWS, ELASTICACHE);
                    edits.word(source, entry.outer.span.clone(), AWS, ELASTICACHE);
                }
                (false, false) => remove_entry(source, entry, edits),
                (false, true) => {}
            }
        }
        if has_new {
            align(source, call, changes.of(source));
        }
    }
}

fn key(local: &str, configuration: &Option<String>) -> String {
    match configuration {
        Some(alias) => format!("{local}.{alias}"),
        None => local.to_owned(),
    }
}

/// True when each entry of the map has a line of its own.
fn has_lines(source: &Source, entry: &Passed<'_>) -> bool {
    let start = span(entry.key).start;
    source.part(source.line_start(start)..start).trim().is_empty()
}

/// Adds an entry of this provider behind that of hashicorp/aws.
fn add_entry(source: &Source, call: &Call<'_>, entry: &Passed<'_>, edits: &mut Edits) {
    let inner = key(ELASTICACHE, &entry.inner.configuration);
    let outer = key(ELASTICACHE, &entry.outer.configuration);
    let end = span(entry.value).end;
    if has_lines(source, entry) && source.line_end(end) < span(call.declared.block).end {
        let (newline, indent) = (source.newline(), source.indent(span(entry.key).start));
        let width = width(call);
        edits.insert(source.line_end(end), format!("{newline}{indent}{inner:width$} = {outer}"));
    } else {
        edits.insert(end, format!(", {inner} = {outer}"));
    }
}

/// The width of the longest key of a map when it has entries for this provider.
fn width(call: &Call<'_>) -> usize {
    let passed = call.providers.iter().flatten();
    let own = passed.map(|entry| {
        let inner = &entry.inner;
        let local = if inner.local == AWS { ELASTICACHE } else { &inner.local };
        key(local, &inner.configuration).len()
    });
    own.max().unwrap_or_default()
}

/// Aligns the equals signs of a map with a line for each entry, as `terraform fmt` does.
fn align(source: &Source, call: &Call<'_>, edits: &mut Edits) {
    let entries = call.providers.as_deref().unwrap_or_default();
    if !entries.iter().all(|entry| has_lines(source, entry)) {
        return;
    }
    let width = width(call);
    for entry in entries {
        let (key, value) = (span(entry.key), span(entry.value));
        let between = source.part(key.end..value.start);
        let Some(gap) = between.find('=').filter(|gap| between[..*gap].trim().is_empty()) else { continue };
        let is_renamed = entry.inner.local == AWS && edits.changes(&entry.inner.span);
        let longer = if is_renamed { ELASTICACHE.len() - AWS.len() } else { 0 };
        let spaces = (width + 1).saturating_sub(key.len() + longer);
        if spaces != gap {
            edits.replace(key.end..key.end + gap, " ".repeat(spaces));
        }
    }
}

fn remove_entry(source: &Source, entry: &Passed<'_>, edits: &mut Edits) {
    let (start, end) = (span(entry.key).start, span(entry.value).end);
    let rest = source.part(end..source.line_end(end));
    let comma =
        rest.len() - rest.trim_start().strip_prefix(',').map_or(rest.len(), |after| after.trim_start().len());
    edits.replace(whole_lines(source, &(start..end + comma)), "");
}
