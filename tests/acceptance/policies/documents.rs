//! The rules are the same in every form and document.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::tools::{checkov, folder, skipped};

const GUIDE: &str = include_str!("../../../docs/guides/policies.md");
const README: &str = include_str!("../../../examples/policies/README.md");

/// The rows of the table of rules.
fn rows(text: &str) -> Vec<Vec<String>> {
    let rows = text.lines().filter(|line| line.starts_with("| CKV2_ELASTICACHE_"));
    rows.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The IDs of our rules that a text has.
fn ids(text: &str) -> BTreeSet<String> {
    let after = text.split("CKV2_ELASTICACHE_").skip(1);
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
    after.map(digits).filter(|id| !id.is_empty()).collect()
}

#[test]
fn every_form_has_the_rules_of_the_table() {
    let table: BTreeSet<String> = rows(README).iter().flat_map(|row| ids(&row[0])).collect();
    assert_eq!(table.len(), 13, "{table:?}");
    assert_eq!(rows(README), rows(GUIDE), "the table of the README, and of the guide");
    let read = |name: &str| fs::read_to_string(folder().join(name)).unwrap();
    assert_eq!(ids(&read("rego/elasticache.rego")), table);
    assert_eq!(ids(&read("check.py")), table);
    let mut checks = BTreeSet::new();
    for entry in fs::read_dir(folder().join("checkov")).unwrap() {
        let found = ids(&fs::read_to_string(entry.unwrap().path()).unwrap());
        assert_eq!(found.len(), 1, "{found:?}");
        for id in found {
            assert!(checks.insert(id.clone()), "two checks have the ID {id}");
        }
    }
    assert_eq!(checks, table);
}

/// The files of checkov's rules, which lie beside its program.
fn rules(checkov: &Path) -> Vec<PathBuf> {
    let environment = fs::canonicalize(checkov).unwrap().parent().unwrap().join("../lib");
    let python = fs::read_dir(environment).into_iter().flatten().map(|entry| entry.unwrap().path());
    let folder = |path: PathBuf| path.join("site-packages/checkov/terraform/checks");
    let mut folders: Vec<PathBuf> = python.map(folder).filter(|path| path.is_dir()).collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "py" || ending == "json") {
                found.push(path);
            }
        }
    }
    found
}

/// The IDs of checkov in the table are those of rules on caches.
#[test]
fn the_rules_of_checkov_in_the_table_exist() {
    let Some(checkov) = checkov() else { return };
    let texts: Vec<String> = rules(&checkov)
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .filter(|text| text.contains("aws_elasticache_"))
        .collect();
    if texts.is_empty() {
        return skipped("the IDs of checkov", "its rules are not beside its program");
    }
    let mut named = 0;
    for row in rows(README).iter().filter(|row| row[2].starts_with("CKV")) {
        let id = format!(r#""{}""#, row[2]);
        assert!(texts.iter().any(|text| text.contains(&id)), "{id}");
        named += 1;
    }
    assert_eq!(named, 8);
}
