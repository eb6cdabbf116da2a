//! Blocks of objects that are rewritten, and everything that names them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Block;
use hcl_edit::visit::Visit;

use super::address::{Address, Kind, ProviderReference, Reference};
use super::catalog::Twin;
use super::changes::Changes;
use super::differences;
use super::edits::Edits;
use super::finding::{Finding, Level};
use super::legacy;
use super::module::{AWS, ELASTICACHE, Target};
use super::needs::Unit;
use super::references::References;
use super::source::{Source, label, label_span, span};

/// Blocks that name what a state has under the old addresses.
const OF_STATE: [&str; 2] = ["moved", "removed"];

/// Rewrites objects and references in the files of a module.
pub(crate) fn rewrite<'u, 'a, 'c>(unit: &'u Unit<'a, 'c>, units: &Units<'u, 'a, 'c>, changes: &mut Changes) {
    for source in &unit.module.sources {
        let mut findings = Vec::new();
        let edits = changes.of(source);
        for attribute in source.body.attributes() {
            let mut visit = References { source, unit, own: None, edits, findings: &mut findings };
            visit.visit_attr(attribute);
        }
        for block in source.body.blocks() {
            rewrite_block(unit, units, source, block, edits, &mut findings);
        }
        changes.findings.append(&mut findings);
    }
}

/// The modules by their folder.
pub(crate) struct Units<'u, 'a, 'c> {
    all: &'u [Unit<'a, 'c>],
    places: BTreeMap<PathBuf, usize>,
}

impl<'u, 'a, 'c> Units<'u, 'a, 'c> {
    pub(crate) fn new(all: &'u [Unit<'a, 'c>]) -> Self {
        let folders = all.iter().map(|unit| unit.module.folder.clone());
        Self { all, places: folders.zip(0..).collect() }
    }

    /// The module of a folder.
    pub(crate) fn at(&self, folder: &std::path::Path) -> Option<&'u Unit<'a, 'c>> {
        self.places.get(folder).map(|index| &self.all[*index])
    }

    /// The module that calls lead to.
    pub(crate) fn called(&self, from: &'u Unit<'a, 'c>, calls: &[&str]) -> Option<&'u Unit<'a, 'c>> {
        calls.iter().try_fold(from, |unit, name| {
            let call = unit.module.calls.iter().find(|call| call.name == *name)?;
            let Target::Local(folder) = &call.target else { return None };
            self.at(folder)
        })
    }
}

fn rewrite_block<'u, 'a, 'c>(
    unit: &'u Unit<'a, 'c>,
    units: &Units<'u, 'a, 'c>,
    source: &Source,
    block: &Block,
    edits: &mut Edits,
    findings: &mut Vec<Finding>,
) {
    let kind = match block.ident.as_str() {
        name if OF_STATE.contains(&name) => return,
        "resource" => Some(Kind::Managed),
        "data" => Some(Kind::Data),
        _ => None,
    };
    match block.ident.as_str() {
        "import" => import(unit, units, source, block, edits),
        "check" => {
            for inner in block.body.get_blocks("data") {
                if let Some((_, twin)) = chosen(unit, Kind::Data, inner) {
                    rename(source, inner, twin, edits);
                }
            }
        }
        _ => {}
    }
    let own = kind.and_then(|kind| chosen(unit, kind, block));
    if let Some((address, twin)) = own {
        rename(source, block, twin, edits);
        rename_arguments(&address.type_name, source, block, edits);
        note_defaults(address, twin, source, block, findings);
    }
    for structure in &block.body {
        let flattened = own.zip(structure.as_block());
        let flattened =
            flattened.filter(|((address, _), inner)| legacy::is_layout(&address.type_name, inner));
        let mut within = Edits::default();
        let target = if flattened.is_some() { &mut within } else { &mut *edits };
        References { source, unit, own, edits: target, findings }.visit_structure(structure);
        if let Some(((address, _), inner)) = flattened {
            legacy::flatten(&address.type_name, source, inner, &within, edits);
        }
    }
}

/// The object that a block declares, when it is rewritten.
fn chosen<'u>(unit: &'u Unit<'_, '_>, kind: Kind, block: &Block) -> Option<(&'u Address, &'u Twin)> {
    let address = Address { kind, type_name: label(block, 0).to_owned(), name: label(block, 1).to_owned() };
    unit.selection.objects.get_key_value(&address).map(|(address, twin)| (address, *twin))
}

/// The type of a block, and the provider that it names.
fn rename(source: &Source, block: &Block, twin: &Twin, edits: &mut Edits) {
    edits.word(source, label_span(block, 0), label(block, 0), &twin.type_name);
    rename_provider(source, block, edits);
}

fn rename_provider(source: &Source, block: &Block, edits: &mut Edits) {
    let provider = block.body.get_attribute("provider").and_then(|it| ProviderReference::of(&it.value));
    if let Some(provider) = provider.filter(|provider| provider.local == AWS) {
        edits.word(source, provider.span, AWS, ELASTICACHE);
    }
}

/// Arguments that have had another name or shape.
fn rename_arguments(type_name: &str, source: &Source, block: &Block, edits: &mut Edits) {
    for attribute in block.body.attributes() {
        if let Some(today) = legacy::name_of_today(type_name, attribute.key.as_str()) {
            edits.word(source, span(&attribute.key), attribute.key.as_str(), today);
        }
    }
}

/// What a new object does where the configuration says nothing.
fn note_defaults(
    address: &Address,
    twin: &Twin,
    source: &Source,
    block: &Block,
    findings: &mut Vec<Finding>,
) {
    if address.kind != Kind::Managed || !differences::is_group(&twin.type_name) {
        return;
    }
    let omitted: Vec<String> = differences::WITHOUT_DEFAULT
        .iter()
        .filter(|name| !block.body.has_attribute(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !omitted.is_empty() {
        let text = format!(
            "{} without a default here: an existing cache keeps what it has, and a new one gets what AWS chooses; with \
             hashicorp/aws it is false. Set it to decide.",
            match &*omitted {
                [one] => format!("{one} is"),
                all => format!("{} are", all.join(" and ")),
            }
        );
        findings.push(source.finding(span(block).start, Level::Note, text));
    }
}

/// The target of an `import` block, which may be an object of a called module.
fn import<'u, 'a, 'c>(
    unit: &'u Unit<'a, 'c>,
    units: &Units<'u, 'a, 'c>,
    source: &Source,
    block: &Block,
    edits: &mut Edits,
) {
    let Some(Expression::Traversal(to)) = block.body.get_attribute("to").map(|to| &to.value) else { return };
    let Some(reference) = Reference::of(to) else { return };
    let owner = if reference.calls.is_empty() { Some(unit) } else { units.called(unit, &reference.calls) };
    if let Some(twin) = owner.and_then(|owner| owner.selection.objects.get(&reference.address)) {
        edits.word(source, reference.type_span, &reference.address.type_name, &twin.type_name);
        rename_provider(source, block, edits);
    }
}
