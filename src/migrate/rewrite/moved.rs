//! `moved` blocks for the resources that are rewritten.

use hcl_edit::structure::Body;

use super::address::{Address, Kind};
use super::changes::Changes;
use super::needs::Unit;
use super::source::span;

/// The file that the blocks of a module are in, so that they can be removed together.
pub(crate) const FILE: &str = "elasticache_moved.tf";

/// What a reader of that file should know.
const HEADER: &str = "\
# Terraform 1.8 and later, and OpenTofu 1.10 and later, move the state of these resources from hashicorp/aws without
# a change in AWS. Remove this file when every state that has them was applied.
";

/// Adds a `moved` block for each resource of a module that is rewritten.
pub(crate) fn add(unit: &Unit<'_, '_>, changes: &mut Changes) {
    let existing: Vec<(String, String)> =
        unit.module.sources.iter().flat_map(|source| moves(&source.body, &source.text)).collect();
    let resources = unit.selection.objects.iter().filter(|(address, _)| address.kind == Kind::Managed);
    let moves = resources.map(|(address, twin)| {
        let to = Address { type_name: twin.type_name.clone(), ..address.clone() };
        (address.text(), to.text())
    });
    let blocks: Vec<String> =
        moves.filter(|it| !existing.contains(it)).map(|(from, to)| block(&from, &to)).collect();
    if blocks.is_empty() {
        return;
    }
    let path = unit.module.folder.join(FILE);
    let text = blocks.join("\n");
    match unit.module.sources.iter().find(|source| source.path == path) {
        Some(source) => changes.of(source).append(source, &text),
        None => drop(changes.new_files.insert(path, format!("{HEADER}\n{text}"))),
    }
}

/// The moves that a file has, as text.
fn moves(body: &Body, text: &str) -> Vec<(String, String)> {
    let blocks = body.get_blocks("moved");
    let end = |block: &hcl_edit::structure::Block, name: &str| {
        let value = &block.body.get_attribute(name)?.value;
        Some(text.get(span(value))?.to_owned())
    };
    blocks.filter_map(|block| Some((end(block, "from")?, end(block, "to")?))).collect()
}

fn block(from: &str, to: &str) -> String {
    format!("moved {{\n  from = {from}\n  to   = {to}\n}}\n")
}
