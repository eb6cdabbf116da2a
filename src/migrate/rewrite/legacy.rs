//! Arguments that hashicorp/aws had before its version 5, under the names and in the shapes of then.

use std::ops::Range;

use hcl_edit::expr::{Expression, Traversal};
use hcl_edit::structure::{Attribute, Block, Body};
use hcl_edit::visit::{Visit, visit_traversal};

use super::edits::Edits;
use super::source::{Source, label, span};

const GROUP: &str = "aws_elasticache_replication_group";

/// Type, and what its arguments and attributes were called before and are called since version 4 of
/// hashicorp/aws (its upgrade guides to versions 4 and 5).
const RENAMED: &[(&str, &str, &str)] = &[
    (GROUP, "availability_zones", "preferred_cache_cluster_azs"),
    (GROUP, "number_cache_clusters", "num_cache_clusters"),
    (GROUP, "replication_group_description", "description"),
];

/// A block until version 5 of hashicorp/aws, whose arguments are those of the group since then.
const LAYOUT: &str = "cluster_mode";

/// Arguments of that block.
const OF_LAYOUT: [&str; 2] = ["num_node_groups", "replicas_per_node_group"];

/// The name of today of an argument or attribute.
pub(crate) fn name_of_today(type_name: &str, name: &str) -> Option<&'static str> {
    RENAMED.iter().find(|(ty, old, _)| *ty == type_name && *old == name).map(|(_, _, new)| *new)
}

/// True for the block `cluster_mode` in a form whose arguments can be those of the group.
pub(crate) fn can_flatten(type_name: &str, group: &Body, block: &Block) -> bool {
    layout(type_name, block).is_some_and(|layout| {
        layout.arguments().all(|it| OF_LAYOUT.contains(&it.key.as_str()) && !group.has_attribute(&it.key))
            && layout.body.blocks().next().is_none()
            && !(layout.condition.is_some() && names_iterator(layout.body))
    })
}

/// The block in either form.
struct Layout<'a> {
    body: &'a Body,
    /// `for_each` of the dynamic form.
    condition: Option<&'a Expression>,
}

impl<'a> Layout<'a> {
    fn arguments(&self) -> impl Iterator<Item = &'a Attribute> {
        self.body.attributes()
    }
}

fn layout<'a>(type_name: &str, block: &'a Block) -> Option<Layout<'a>> {
    if type_name != GROUP {
        return None;
    }
    if block.ident.as_str() == LAYOUT {
        return Some(Layout { body: &block.body, condition: None });
    }
    let is_dynamic = block.ident.as_str() == "dynamic" && label(block, 0) == LAYOUT;
    let condition = block.body.get_attribute("for_each").filter(|_| is_dynamic)?;
    let content = block.body.get_blocks("content").next()?;
    let is_plain = block.body.blocks().count() == 1 && block.body.attributes().count() == 1;
    is_plain.then_some(Layout { body: &content.body, condition: Some(&condition.value) })
}

/// True when the content of a dynamic block uses the element that it is made for.
fn names_iterator(body: &Body) -> bool {
    struct Names(bool);

    impl Visit for Names {
        fn visit_traversal(&mut self, node: &Traversal) {
            let root = if let Expression::Variable(root) = &node.expr { root.as_str() } else { "" };
            self.0 |= root == LAYOUT;
            visit_traversal(self, node);
        }
    }

    let mut names = Names(false);
    names.visit_body(body);
    names.0
}

/// Puts the arguments of the block in its place. `within` are the changes in the block itself.
pub(crate) fn flatten(type_name: &str, source: &Source, block: &Block, within: &Edits, edits: &mut Edits) {
    let Some(layout) = layout(type_name, block) else { return };
    let whole = span(block);
    let (indent, newline) = (source.indent(whole.start), source.newline());
    let (mut lines, mut at) = (Vec::new(), whole.start);
    for argument in layout.arguments() {
        let (place, value) = (span(argument), span(&argument.value));
        // A comment behind the argument stays behind it.
        let end = source.line_end(place.end).min(whole.end);
        let end = if end < whole.end { end } else { place.end };
        let changed = |part: Range<usize>| within.apply_within(&source.text, part).unwrap_or_default();
        let mut value_text = changed(value.clone());
        if let Some(condition) = layout.condition {
            let condition = changed(span(condition));
            value_text = format!("length({condition}) > 0 ? {} : null", grouped(argument, value_text));
        }
        lines.extend(comments(source.part(at..place.start)).map(str::to_owned));
        lines.push(format!("{} = {value_text}{}", argument.key.as_str(), source.part(value.end..end)));
        at = end;
    }
    lines.extend(comments(source.part(at..whole.end)).map(str::to_owned));
    if lines.is_empty() {
        edits.replace(whole_lines(source, &whole), "");
    } else {
        edits.replace(whole, lines.join(&format!("{newline}{indent}")));
    }
}

/// A value that can stand between `?` and `:`.
fn grouped(argument: &Attribute, value: String) -> String {
    match argument.value {
        Expression::Conditional(_) => format!("({value})"),
        _ => value,
    }
}

/// The lines of a text that are comments and nothing else.
fn comments(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| line.starts_with('#') || line.starts_with("//"))
}

/// A part of a file with the beginning and the end of its lines, when nothing else is on them.
pub(crate) fn whole_lines(source: &Source, part: &Range<usize>) -> Range<usize> {
    let (start, end) = (source.line_start(part.start), source.next_line(part.end));
    let is_alone = |text: &str| text.trim().is_empty();
    if is_alone(source.part(start..part.start)) && is_alone(source.part(part.end..end)) {
        start..end
    } else {
        part.clone()
    }
}

/// True for an attribute of the block `cluster_mode`.
pub(crate) fn is_of_layout(type_name: &str, name: &str, inner: &str) -> bool {
    type_name == GROUP && name == LAYOUT && OF_LAYOUT.contains(&inner)
}

/// True for the block `cluster_mode`, written once or by a condition.
pub(crate) fn is_layout(type_name: &str, block: &Block) -> bool {
    layout(type_name, block).is_some()
}

/// True when a resource has the block `cluster_mode`.
pub(crate) fn has_layout(type_name: &str, block: &Block) -> bool {
    block.body.blocks().any(|block| is_layout(type_name, block))
}

/// The arguments that take the place of the block `cluster_mode` in a list of arguments.
pub(crate) fn arguments_of_layout(name: &str) -> Option<String> {
    (name == LAYOUT).then(|| OF_LAYOUT.join(", "))
}
