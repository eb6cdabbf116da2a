//! Whether a type of this provider has what a configuration sets.

use std::ops::Range;

use hcl_edit::structure::{Block, Body, Structure};

use super::catalog::Members;
use super::legacy;
use super::source::{label, span};

/// Arguments of every resource and data source.
const META_ARGUMENTS: [&str; 4] = ["count", "depends_on", "for_each", "provider"];

/// Blocks of every resource and data source.
const META_BLOCKS: [&str; 3] = ["connection", "lifecycle", "provisioner"];

/// An argument or block that the type does not have.
pub(crate) struct Missing {
    /// Its name, with the blocks that it is in.
    pub name: String,
    /// Its place.
    pub place: Range<usize>,
}

/// The arguments and blocks of an object that its type does not have.
pub(crate) fn missing(type_name: &str, members: &Members, body: &Body) -> Vec<Missing> {
    let mut found = Vec::new();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                let name = attribute.key.as_str();
                let today = legacy::name_of_today(type_name, name).unwrap_or(name);
                if !META_ARGUMENTS.contains(&name) && !is_argument(members, today) {
                    found.push(Missing { name: name.to_owned(), place: span(attribute) });
                }
            }
            Structure::Block(block) if META_BLOCKS.contains(&block.ident.as_str()) => {}
            Structure::Block(block) if legacy::can_flatten(type_name, body, block) => {}
            Structure::Block(block) => missing_in(None, block, members, &mut found),
        }
    }
    found
}

/// The part of a body that is not among these members, and those of its blocks.
pub(crate) fn missing_of(structure: &Structure, members: &Members) -> Vec<Missing> {
    let mut found = Vec::new();
    add_missing(None, structure, members, &mut found);
    found
}

fn add_missing(path: Option<&str>, structure: &Structure, members: &Members, found: &mut Vec<Missing>) {
    match structure {
        Structure::Attribute(attribute) if !is_argument(members, attribute.key.as_str()) => {
            found.push(Missing { name: full(path, attribute.key.as_str()), place: span(attribute) });
        }
        Structure::Attribute(_) => {}
        Structure::Block(block) => missing_in(path, block, members, found),
    }
}

fn missing_in(path: Option<&str>, block: &Block, members: &Members, found: &mut Vec<Missing>) {
    let (name, bodies) = parts(block);
    let path = full(path, name);
    let member = members.get(name).filter(|member| member.is_argument);
    match member.and_then(|member| member.shape.members()) {
        Some(inner) => {
            for structure in bodies.into_iter().flatten() {
                add_missing(Some(&path), structure, inner, found);
            }
        }
        None => found.push(Missing { name: path, place: span(block) }),
    }
}

fn is_argument(members: &Members, name: &str) -> bool {
    members.get(name).is_some_and(|member| member.is_argument)
}

fn full(path: Option<&str>, name: &str) -> String {
    path.map_or(name.to_owned(), |path| format!("{path}.{name}"))
}

/// The name of a block, and what it holds; of a dynamic one, what each of its blocks holds.
pub(crate) fn parts(block: &Block) -> (&str, Vec<&Body>) {
    if block.ident.as_str() == "dynamic" {
        (label(block, 0), block.body.get_blocks("content").map(|content| &content.body).collect())
    } else {
        (block.ident.as_str(), vec![&block.body])
    }
}
