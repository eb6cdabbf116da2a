//! Which module may import which: the layers of docs/ARCHITECTURE.md.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules of the crate from the lowest layer up. A module imports from lower layers only;
/// modules of one layer do not import each other.
const LAYERS: &[&[&str]] = &[
    &["redact"],
    &["secret"],
    &["value", "aws", "plugin", "probe"],
    &["diag", "services"],
    &["schema"],
    &["engine"],
    &["resources", "provider"],
    &["wire", "data_sources", "ephemeral_resources", "list_resources", "actions", "functions"],
    &["registry"],
    &["migrate"],
    &["lib", "main"],
];

/// Imports that are not allowed although the second module is in a lower layer.
const NEVER: &[(&str, &str)] = &[
    ("services", "value"),
    ("schema", "services"),
    ("schema", "aws"),
    ("engine", "services"),
    ("wire", "services"),
    ("wire", "aws"),
    ("migrate", "services"),
    ("migrate", "aws"),
    ("schema", "probe"),
    ("engine", "probe"),
    ("wire", "probe"),
];

/// A line of code with its place.
struct Line {
    file: PathBuf,
    number: usize,
    text: String,
}

impl Line {
    /// The module of the crate that the file belongs to.
    fn module(&self) -> String {
        let first = self.file.components().next().unwrap().as_os_str().to_str().unwrap();
        first.trim_end_matches(".rs").to_owned()
    }

    fn observed(&self) -> String {
        format!("{}:{}: {}", self.file.display(), self.number, self.text.trim())
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// True for files that only tests compile.
fn is_test(file: &Path) -> bool {
    file.components().any(|part| {
        let name = part.as_os_str().to_str().unwrap().trim_end_matches(".rs");
        name == "tests" || name == "testing" || name.ends_with("_tests") || name.ends_with("properties")
    })
}

/// The code below `src`: neither comments nor tests.
fn code() -> Vec<Line> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    let mut lines = Vec::new();
    for path in found {
        let file = path.strip_prefix(&root).unwrap().to_owned();
        if is_test(&file) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut after_cfg_test = false;
        for (index, line) in text.lines().enumerate() {
            if after_cfg_test && line.starts_with("mod ") && line.ends_with('{') {
                break;
            }
            after_cfg_test = line == "#[cfg(test)]";
            if !line.trim_start().starts_with("//") {
                lines.push(Line { file: file.clone(), number: index + 1, text: line.to_owned() });
            }
        }
    }
    assert!(lines.len() > 10_000, "only {} lines of code found below src", lines.len());
    lines
}

/// The modules of the crate that a line names.
fn imported(line: &str) -> impl Iterator<Item = String> {
    line.split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

#[test]
fn every_module_has_a_layer() {
    let modules: BTreeSet<String> = code().iter().map(Line::module).collect();
    let listed: BTreeSet<String> =
        LAYERS.iter().copied().flatten().map(|module| (*module).to_owned()).collect();
    assert_eq!(modules, listed);
}

#[test]
fn modules_import_lower_layers_only() {
    let mut wrong = Vec::new();
    for line in code() {
        let own = line.module();
        for other in imported(&line.text) {
            let Some(theirs) = layer(&other).filter(|_| other != own) else { continue };
            if layer(&own).is_some_and(|ours| theirs >= ours)
                || NEVER.contains(&(own.as_str(), other.as_str()))
            {
                wrong.push(line.observed());
            }
        }
    }
    assert!(wrong.is_empty(), "imports of a layer above or beside:\n{}", wrong.join("\n"));
}

/// The rule rests on imports that name the module: `use crate::{a, b}` would hide both.
#[test]
fn imports_name_their_module() {
    let wrong: Vec<String> =
        code().iter().filter(|line| line.text.contains("crate::{")).map(Line::observed).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_resource_imports_no_other_resource() {
    let mut wrong = Vec::new();
    for line in code() {
        let mut parts = line.file.components().map(|part| part.as_os_str().to_str().unwrap());
        let (Some("resources"), Some(own)) = (parts.next(), parts.next()) else { continue };
        if own == "mod.rs" || own == "common" {
            continue;
        }
        for rest in line.text.split("crate::resources::").skip(1) {
            let other: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if other != own && other != "common" {
                wrong.push(line.observed());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_services_send_requests() {
    let sends =
        |line: &&Line| line.text.contains(".send()") && !matches!(line.module().as_str(), "aws" | "services");
    let wrong: Vec<String> = code().iter().filter(sends).map(Line::observed).collect();
    assert!(wrong.is_empty(), "requests outside of services:\n{}", wrong.join("\n"));
}

/// The files of one folder that a file imports by `use super::…`, followed to a circle.
#[test]
fn files_of_a_folder_do_not_import_each_other_in_a_circle() {
    let mut sources: BTreeMap<PathBuf, String> = BTreeMap::new();
    for line in code() {
        let source = sources.entry(line.file).or_default();
        source.push_str(line.text.trim());
        source.push('\n');
    }
    let graph: BTreeMap<PathBuf, BTreeSet<PathBuf>> = sources
        .iter()
        .map(|(file, source)| {
            let folder = file.parent().unwrap();
            let folder = if file.ends_with("mod.rs") { folder.parent().unwrap() } else { folder };
            let names = source.split(';').filter_map(|statement| {
                let (_, path) = statement.rsplit_once("use super::")?;
                Some(first_names(path))
            });
            let imported = names.flatten().map(|name| folder.join(format!("{name}.rs")));
            (file.clone(), imported.filter(|other| sources.contains_key(other)).collect())
        })
        .collect();
    assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 300, "imports are not found");
    let circles: Vec<String> = graph.keys().filter_map(|start| way_back(&graph, start)).collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

/// The first names of an import: `a` of `a::B`, `a` and `c` of `{a::{B, D}, c}`.
fn first_names(path: &str) -> Vec<String> {
    let name = |item: &str| item.split([':', ' ', '}']).next().unwrap().trim().to_owned();
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let (mut names, mut item, mut depth) = (Vec::new(), String::new(), 0);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(std::mem::take(&mut item).trim())),
            c => item.push(c),
        }
    }
    names.push(name(item.trim()));
    names
}

/// The shortest way from a file along its imports back to it.
fn way_back(graph: &BTreeMap<PathBuf, BTreeSet<PathBuf>>, start: &Path) -> Option<String> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut visited = BTreeSet::new();
    while let Some(way) = (!ways.is_empty()).then(|| ways.remove(0)) {
        for next in graph.get(way.last()?).into_iter().flatten() {
            let mut longer = way.clone();
            longer.push(next.clone());
            if next == start {
                let names: Vec<_> = longer.iter().map(|file| file.display().to_string()).collect();
                return Some(names.join(" -> "));
            }
            if visited.insert(next.clone()) {
                ways.push(longer);
            }
        }
    }
    None
}
