//! Documents that say which test shows what: each test that they name exists.
//!
//! A claim is the last cell of a row in a table of `CASES.md`. It names tests by their
//! paths, as `module::…::name` below `tests/acceptance` or `src`, or a wrong configuration
//! as `errors/NAME.tf`; or it says that the case does not apply, or is not done, and why.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::pages::root;

/// What a claim without a test begins with.
const WITHOUT: [&str; 2] = ["does not apply: ", "not done: "];

/// Every file of that name below a folder.
fn files(folder: &Path, is_wanted: &dyn Fn(&Path) -> bool, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, is_wanted, found);
        } else if is_wanted(&path) {
            found.push(path);
        }
    }
}

/// The last cells of the tables in a document, with the first ones.
fn claims(text: &str) -> Vec<(String, String)> {
    let rows: Vec<Vec<String>> = text
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect();
    let is_rule = |row: &Vec<String>| row.iter().all(|cell| cell.bytes().all(|byte| byte == b'-'));
    let mut claims = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let is_head = rows.get(at + 1).is_some_and(is_rule);
        if let (Some(first), Some(last)) = (row.first(), row.last())
            && !is_head
            && !is_rule(row)
        {
            claims.push((first.clone(), last.clone()));
        }
    }
    claims
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Names of the test functions in a source file: those behind an attribute `test`, and
/// those in `proptest!`.
fn tests_in(source: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let (mut marked, mut properties) = (false, false);
    for line in source.lines().map(str::trim) {
        properties |= line.starts_with("proptest!");
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            marked = true;
        } else if let Some(rest) = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn ")) {
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            if std::mem::take(&mut marked) || properties {
                found.insert(name);
            }
        }
    }
    found
}

/// The tests that the macro `law!` makes in a source file, as `LAW::CASE`. A law without cases of
/// its own is one of all that the macro lists.
fn tests_of_laws(source: &str) -> BTreeSet<String> {
    let calls: Vec<&str> = source.split("law!(").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let all = calls.iter().find_map(|call| call.strip_prefix("$law:")).unwrap_or_default();
    let mut found = BTreeSet::new();
    for &call in calls.iter().filter(|call| !call.starts_with('$')) {
        let (law, cases) = call.split_once(':').unwrap_or((call, all));
        found.extend(cases.split(',').map(|case| format!("{}::{}", law.trim(), case.trim())));
    }
    found
}

/// The sources that a module may have.
fn sources(module: &str) -> Vec<String> {
    let inner = module.strip_suffix("::tests").unwrap_or(module).replace("::", "/");
    let module = module.replace("::", "/");
    let places = ["tests/acceptance", "src"];
    let candidates = places.iter().flat_map(|place| {
        [format!("{place}/{module}.rs"), format!("{place}/{module}/mod.rs"), format!("{place}/{inner}.rs")]
    });
    candidates.filter_map(|file| fs::read_to_string(root().join(file)).ok()).collect()
}

/// True when the test with this path exists.
fn exists(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once("::") else { return false };
    let is_of_law = || {
        module.rsplit_once("::").is_some_and(|(place, law)| {
            let test = format!("{law}::{name}");
            sources(place).iter().any(|source| tests_of_laws(source).contains(&test))
        })
    };
    sources(module).iter().any(|source| tests_in(source).contains(name)) || is_of_law()
}

#[test]
fn every_claim_names_a_test_that_exists() {
    let mut documents = Vec::new();
    files(&root().join("tests"), &|path| path.ends_with("CASES.md"), &mut documents);
    assert!(documents.len() >= 2, "{documents:?}");
    let mut wrong = Vec::new();
    for document in documents {
        for (what, claim) in claims(&fs::read_to_string(&document).unwrap()) {
            let mut observed = WITHOUT.iter().any(|words| claim.starts_with(words));
            for name in quoted(&claim) {
                let configuration =
                    name.strip_prefix("errors/").map(|file| root().join("tests/errors").join(file));
                match configuration {
                    Some(file) if file.is_file() && file.with_extension("txt").is_file() => observed = true,
                    None if name.contains("::") && exists(name) => observed = true,
                    None if !name.contains("::") => {}
                    _ => wrong.push(format!("{what}: there is no test `{name}`")),
                }
            }
            if !observed {
                wrong.push(format!("{what}: no test shows it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_claim_of_a_test_that_is_not_there_is_found() {
    assert!(exists("replication_group::scaling::nodes_go_from_two_to_four_and_back"));
    assert!(exists("resources::common::names::tests::unknown_prefix_requires_replacement"));
    assert!(exists(
        "replication_group::deferred::laws::is_carried_out_where_aws_does_not_withdraw_it::zones"
    ));
    assert!(exists("replication_group::deferred::laws::is_imported_while_it_waits::tls"));
    // Of a law with cases of its own no others are.
    assert!(!exists("replication_group::deferred::laws::is_imported_while_it_waits::durability"));
    // A helper is no test.
    assert!(
        !exists("replication_group::scaling::assert_members")
            && !exists("replication_group::scaling::nothing_of_the_kind")
    );
    let text = "| Case | Test |\n| --- | --- |\n| basic | `a::b` |\n";
    assert_eq!(claims(text), [("basic".to_owned(), "`a::b`".to_owned())]);
}
