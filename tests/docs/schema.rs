//! What a schema holds, as the reference pages show it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use terraform_provider_elasticache::schema::{Attribute, Block, BlockNesting, Mode, Nesting};
use terraform_provider_elasticache::value::Type;

/// A nested part still to be described: heading anchor, path, and its contents.
struct Part<'a> {
    anchor: String,
    path: String,
    attributes: &'a [Attribute],
    block: Option<&'a Block>,
}

fn type_name(attribute: &Attribute) -> String {
    match &attribute.nested {
        Some(nested) => match nested.nesting {
            Nesting::Single => "Attributes".to_owned(),
            Nesting::List => "Attributes List".to_owned(),
            Nesting::Set => "Attributes Set".to_owned(),
            Nesting::Map => "Attributes Map".to_owned(),
        },
        None => plain_type(&attribute.ty()),
    }
}

/// A type in the words of the registry.
pub fn plain_type(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", plain_type(element)),
        Type::Set(element) => format!("Set of {}", plain_type(element)),
        Type::Map(element) => format!("Map of {}", plain_type(element)),
        Type::Object(_) => "Object".to_owned(),
        Type::Tuple(_) => "Tuple".to_owned(),
    }
}

fn attribute_line(attribute: &Attribute) -> String {
    let mut kind = type_name(attribute);
    if attribute.sensitive {
        kind.push_str(", Sensitive");
    }
    if attribute.write_only {
        kind.push_str(", Write-only");
    }
    if attribute.deprecated.is_some() {
        kind.push_str(", Deprecated");
    }
    format!("- `{}` ({kind}) {}", attribute.name, attribute.documentation())
}

/// Required, optional and read-only parts of an object, and what is nested in it.
fn describe<'a>(
    page: &mut String,
    level: &str,
    prefix: &str,
    attributes: &'a [Attribute],
    block: Option<&'a Block>,
    parts: &mut Vec<Part<'a>>,
) {
    let path = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
    let mut groups: BTreeMap<usize, Vec<(&str, String)>> = BTreeMap::new();
    for attribute in attributes.iter().filter(|attribute| !attribute.ignored) {
        let mut line = attribute_line(attribute);
        if let Some(nested) = &attribute.nested {
            let path = path(attribute.name);
            let anchor = format!("nestedatt--{}", path.replace('.', "--"));
            let _ = write!(line, " (see [below for nested schema](#{anchor}))");
            parts.push(Part { anchor, path, attributes: &nested.attributes, block: None });
        }
        let group = match attribute.mode {
            Mode::Required => 0,
            Mode::Optional | Mode::OptionalComputed => 1,
            Mode::Computed => 2,
        };
        groups.entry(group).or_default().push((attribute.name, line));
    }
    for nested in block.map(|block| block.blocks.as_slice()).unwrap_or_default() {
        let path = path(nested.name);
        let anchor = format!("nestedblock--{}", path.replace('.', "--"));
        let kind = match nested.nesting {
            BlockNesting::Single => "Block, Optional",
            BlockNesting::List => "Block List",
            BlockNesting::Set => "Block Set",
        };
        let max = if nested.max_items > 1 { format!(", Max: {}", nested.max_items) } else { String::new() };
        let line = format!(
            "- `{}` ({kind}{max}) {} (see [below for nested schema](#{anchor}))",
            nested.name, nested.block.description
        );
        let group = 1;
        groups.entry(group).or_default().push((nested.name, line));
        parts.push(Part { anchor, path, attributes: &nested.block.attributes, block: Some(&nested.block) });
    }
    for (group, mut lines) in groups {
        lines.sort();
        let _ = writeln!(page, "\n{level} {}\n", ["Required", "Optional", "Read-Only"][group]);
        for (_, line) in lines {
            let _ = writeln!(page, "{line}");
        }
    }
}

/// The whole section, with an anchor for each nested part.
pub fn schema_section(block: &Block) -> String {
    let mut page = String::from("## Schema\n");
    let mut parts = Vec::new();
    describe(&mut page, "###", "", &block.attributes, Some(block), &mut parts);
    parts.sort_by(|a, b| b.path.cmp(&a.path));
    while let Some(part) = parts.pop() {
        let _ = write!(page, "\n<a id=\"{}\"></a>\n### Nested Schema for `{}`\n", part.anchor, part.path);
        let mut inner = Vec::new();
        describe(&mut page, "####", &part.path, part.attributes, part.block, &mut inner);
        inner.sort_by(|a, b| b.path.cmp(&a.path));
        parts.extend(inner);
    }
    page
}
