//! The reference pages under `docs/` are made from the schemas and the examples.
//! This test fails when they differ from what the code says; `make docs` writes them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::resources::RESOURCES;
use terraform_provider_elasticache::schema::{Attribute, Block, BlockNesting, Mode, Nesting};
use terraform_provider_elasticache::value::{Type, Value};

/// A nested part still to be described: heading anchor, path, and its contents.
struct Part<'a> {
    anchor: String,
    path: String,
    attributes: &'a [Attribute],
    block: Option<&'a Block>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn example(path: &str) -> String {
    fs::read_to_string(root().join("examples").join(path))
        .unwrap_or_else(|error| panic!("examples/{path}: {error}"))
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

fn plain_type(ty: &Type) -> String {
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
    let mut line = format!("- `{}` ({kind}) {}", attribute.name, attribute.description);
    if let Some(default) = &attribute.default {
        let default = match default.as_str() {
            Some(text) => text.to_owned(),
            None => shown(default)
                .unwrap_or_else(|| panic!("{} has a default that the docs cannot show", attribute.name)),
        };
        let _ = write!(line, " Defaults to `{default}`.");
    }
    line
}

/// A value as a configuration has it.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(format!("{text:?}")),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Set(items) | Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(shown).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        _ => None,
    }
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
    for attribute in attributes {
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
        let group = usize::from(nested.min_items == 0);
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

fn schema_section(block: &Block) -> String {
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

/// The first sentence, for the front matter.
fn summary(description: &str) -> &str {
    description.split_once(". ").map_or(description, |(first, _)| first).trim_end_matches('.')
}

fn resource_page(type_name: &str, block: &Block) -> String {
    format!(
        "---\npage_title: \"{type_name} Resource\"\ndescription: |-\n  {summary}.\n---\n\n# {type_name} (Resource)\n\n\
         {description}\n\n## Example Usage\n\n```terraform\n{usage}```\n\n{schema}\n## Import\n\n```shell\n{import}```\n",
        summary = summary(block.description),
        description = block.description,
        usage = example(&format!("resources/{type_name}/resource.tf")),
        schema = schema_section(block),
        import = example(&format!("resources/{type_name}/import.sh")),
    )
}

fn index_page() -> String {
    let block = &provider::schema().block;
    format!(
        "---\npage_title: \"Provider: ElastiCache\"\ndescription: |-\n  {summary}.\n---\n\n# ElastiCache Provider\n\n\
         {description}\n\n## Example Usage\n\n```terraform\n{usage}```\n\n{schema}",
        summary = summary(block.description),
        description = block.description,
        usage = example("provider/provider.tf"),
        schema = schema_section(block),
    )
}

fn pages() -> BTreeMap<PathBuf, String> {
    let mut pages = BTreeMap::from([(PathBuf::from("index.md"), index_page())]);
    for resource in RESOURCES {
        let name = resource.type_name().strip_prefix("elasticache_").unwrap();
        pages.insert(
            Path::new("resources").join(format!("{name}.md")),
            resource_page(resource.type_name(), &resource.schema().block),
        );
    }
    pages
}

#[test]
fn reference_pages_say_what_the_schemas_say() {
    let docs = root().join("docs");
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let pages = pages();
    for (path, page) in &pages {
        let file = docs.join(path);
        if update {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, page).unwrap();
        }
        let found = fs::read_to_string(&file).unwrap_or_default();
        assert!(found == *page, "docs/{} is not what the schema says; run `make docs`", path.display());
    }
    for folder in ["resources"] {
        for entry in fs::read_dir(docs.join(folder)).unwrap() {
            let name = Path::new(folder).join(entry.unwrap().file_name());
            assert!(pages.contains_key(&name), "docs/{} belongs to nothing; remove it", name.display());
        }
    }
}

#[test]
fn every_page_is_one_that_registries_take() {
    for (path, page) in pages() {
        assert!(page.len() < 500_000, "{} is too long", path.display());
        assert!(page.starts_with("---\npage_title: "), "{} has no front matter", path.display());
        assert!(!page.contains("\n\n\n"), "{} has a gap", path.display());
    }
}
