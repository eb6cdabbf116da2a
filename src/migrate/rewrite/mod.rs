//! Rewrites the configurations below a folder. It reads files and writes none.

mod address;
mod arguments;
pub(crate) mod catalog;
mod changes;
pub(super) mod differences;
mod edits;
pub(crate) mod finding;
mod legacy;
mod mentions;
mod module;
mod moved;
mod needs;
mod objects;
mod providers;
mod references;
mod requirements;
pub(super) mod select;
mod source;
mod test_blocks;
mod tree;
mod unwritten;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use catalog::Catalog;
use changes::Changes;
use finding::{Finding, Level};
use module::Module;
use needs::Unit;
use objects::Units;
use select::Selection;
use source::Source;
use tree::{FileKind, Tree};

/// A file that changes, or a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileChange {
    /// Its path, relative to the folder.
    pub path: PathBuf,
    /// What it holds; nothing for a new one.
    pub old: Option<String>,
    /// What it is to hold.
    pub new: String,
}

/// What a migration changes, and what it reports.
#[derive(Debug, Default)]
pub(crate) struct Migration {
    /// The changes, by path.
    pub files: Vec<FileChange>,
    /// The findings, by path and line.
    pub findings: Vec<Finding>,
    /// How many resources and data sources are rewritten.
    pub objects: usize,
}

/// Plans the migration of the configurations below a folder.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn migrate(root: &Path, catalog: &Catalog) -> io::Result<Migration> {
    let mut tree = Tree::list(root)?;
    let mut changes = Changes::default();
    changes.findings.append(&mut tree.findings);
    let (sources, unread) = parse(&tree, FileKind::Configuration, &mut changes.findings);
    let (tests, _) = parse(&tree, FileKind::Test, &mut changes.findings);

    let mut units = units(&tree, &sources, &unread, catalog, &mut changes.findings);
    needs::resolve(&mut units);
    let by_folder = Units::new(&units);
    for unit in &units {
        objects::rewrite(unit, &by_folder, &mut changes);
        moved::add(unit, &mut changes);
    }
    for unit in &units {
        // After the references, which a copied block has as well.
        providers::configure(unit, &catalog.provider, &mut changes);
        providers::pass(unit, &by_folder, &mut changes);
        requirements::require(unit, catalog, &tree, &mut changes);
    }
    for (folder, source) in files_of(&tree, FileKind::Test, &tests) {
        let tested = by_folder.at(folder).or_else(|| by_folder.at(folder.parent()?));
        if let Some(unit) = tested {
            test_blocks::rewrite(source, unit, &by_folder, (catalog, &tree), &mut changes);
        }
    }
    report(&tree, &by_folder, &units, catalog, &mut changes.findings);

    let objects = units.iter().map(|unit| unit.selection.objects.len()).sum();
    Ok(finish(changes, sources.into_values().chain(tests.into_values()), objects))
}

/// The files of a kind, parsed, and the folders with one that cannot be.
fn parse(
    tree: &Tree,
    kind: FileKind,
    findings: &mut Vec<Finding>,
) -> (BTreeMap<PathBuf, Source>, BTreeSet<PathBuf>) {
    let (mut sources, mut unread) = (BTreeMap::new(), BTreeSet::new());
    let mut failed = BTreeMap::new();
    for (folder, files) in tree.files(kind) {
        for path in files {
            if sources.contains_key(path) {
                continue;
            }
            let content = fs::read(tree.absolute(path));
            let content = content.map_err(|error| {
                Finding::of(path, Level::Error, format!("The file cannot be read: {error}."))
            });
            match content.and_then(|content| Source::parse(path.clone(), &content)) {
                Ok(source) => drop(sources.insert(path.clone(), source)),
                Err(finding) => {
                    unread.insert(folder.to_owned());
                    failed.insert(path.clone(), finding);
                }
            }
        }
    }
    findings.extend(failed.into_values());
    (sources, unread)
}

/// The modules whose files were all parsed.
fn units<'a, 'c>(
    tree: &Tree,
    sources: &'a BTreeMap<PathBuf, Source>,
    unread: &BTreeSet<PathBuf>,
    catalog: &'c Catalog,
    findings: &mut Vec<Finding>,
) -> Vec<Unit<'a, 'c>> {
    let mut units = Vec::new();
    for (folder, files) in tree.files(FileKind::Configuration) {
        let own: Vec<&Source> = files.iter().filter_map(|path| sources.get(path)).collect();
        if unread.contains(folder) || own.len() < files.len() {
            let text = "The module in this folder is not rewritten, because one of its files cannot be read.";
            findings.push(Finding::of(folder, Level::Error, text));
            continue;
        }
        let module = Module::of(folder, own, tree);
        let mut selection = Selection::of(&module, catalog);
        findings.append(&mut selection.findings);
        units.push(Unit::new(module, selection));
    }
    units
}

fn files_of<'t>(
    tree: &'t Tree,
    kind: FileKind,
    sources: &'t BTreeMap<PathBuf, Source>,
) -> impl Iterator<Item = (&'t Path, &'t Source)> {
    tree.files(kind).flat_map(move |(folder, files)| {
        files.iter().filter_map(move |path| Some((folder, sources.get(path)?)))
    })
}

/// What is not rewritten.
fn report<'u, 'a, 'c>(
    tree: &Tree,
    by_folder: &Units<'u, 'a, 'c>,
    units: &'u [Unit<'a, 'c>],
    catalog: &Catalog,
    findings: &mut Vec<Finding>,
) {
    let text = |path: &Path| fs::read_to_string(tree.absolute(path)).unwrap_or_default();
    for (folder, files) in tree.files(FileKind::Json) {
        let unit = by_folder.at(folder);
        findings.extend(files.iter().filter_map(|path| unwritten::json(path, &text(path), catalog, unit)));
    }
    let is_rewritten = |unit: &&Unit<'_, '_>| !unit.selection.objects.is_empty();
    for unit in units {
        findings.extend(unwritten::calls(&unit.module));
    }
    for unit in units.iter().filter(is_rewritten) {
        findings.extend(unwritten::versions(&unit.module));
    }
    if units.iter().any(|unit| is_rewritten(&unit)) {
        let others = tree.files(FileKind::Other).flat_map(|(_, files)| files);
        findings.extend(others.filter_map(|path| unwritten::generator(path, &text(path))));
    }
}

/// The files as they are to be. One that would not be valid any more stays as it is.
fn finish(changes: Changes, sources: impl Iterator<Item = Source>, objects: usize) -> Migration {
    let mut migration = Migration { objects, ..Migration::default() };
    for source in sources {
        let Some(edits) = changes.get(&source.path) else { continue };
        let new = edits.apply(&source.text).map(|text| source.content(&text));
        match new {
            Some(new) if Source::parse(source.path.clone(), new.as_bytes()).is_ok() => {
                let old = Some(source.content(&source.text));
                migration.files.push(FileChange { path: source.path, old, new });
            }
            _ => {
                let text = "The file stays as it is: its changes contradict each other. Migrate it by hand.";
                migration.findings.push(Finding::of(source.path, Level::Error, text));
            }
        }
    }
    let new_files = changes.new_files.into_iter();
    migration.files.extend(new_files.map(|(path, new)| FileChange { path, old: None, new }));
    migration.files.retain(|file| file.old.as_ref() != Some(&file.new));
    migration.files.sort_by(|a, b| a.path.cmp(&b.path));
    migration.findings.extend(changes.findings);
    migration.findings.sort();
    migration.findings.dedup();
    migration
}
