//! The statements of the five documents that the modules are built from, and what holds of each.
//!
//! A test proves a statement by [`Document::works`], [`Document::differs`] or
//! [`Document::cannot`], with the lines of the document first in its name. The table of
//! `examples/README.md` counts these calls in the sources of the tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

/// A document of the user, and the module that is built from it.
pub struct Document {
    /// Name of the constant of this document, as the tests write it.
    constant: &'static str,
    number: &'static str,
    title: &'static str,
    module: &'static str,
    /// Number of its lines.
    lines: u32,
    /// Number of its statements.
    statements: usize,
}

pub const UNIT: Document = Document {
    constant: "UNIT",
    number: "000",
    title: "Redis Unit",
    module: "redis-unit",
    lines: 199,
    statements: 40,
};

pub const SIMPLE: Document = Document {
    constant: "SIMPLE",
    number: "001",
    title: "ElastiCache Redis Module - Simplified",
    module: "redis-simple",
    lines: 338,
    statements: 43,
};

pub const SECUREBASE: Document = Document {
    constant: "SECUREBASE",
    number: "002",
    title: "ElastiCache Redis Module (SecureBase)",
    module: "securebase-elasticache",
    lines: 265,
    statements: 38,
};

pub const KONEKSI: Document = Document {
    constant: "KONEKSI",
    number: "003",
    title: "ElastiCache Redis Module (Koneksi)",
    module: "koneksi-elasticache",
    lines: 491,
    statements: 43,
};

pub const REVRX: Document = Document {
    constant: "REVRX",
    number: "004",
    title: "Redis Setup for Async Report Processing (RevRx)",
    module: "revrx-redis",
    lines: 350,
    statements: 39,
};

const DOCUMENTS: [&Document; 5] = [&UNIT, &SIMPLE, &SECUREBASE, &KONEKSI, &REVRX];

/// Where the tests that prove statements are, below `tests/acceptance`.
const SOURCES: &[&str] = &["modules", "clients"];

impl Document {
    /// Proves a statement that works as it is written.
    pub fn works<T>(&self, statement: &str, proof: impl FnOnce() -> T) -> T {
        self.prove(statement, proof)
    }

    /// Proves a statement that works in another way, which the module's README says.
    pub fn differs<T>(&self, statement: &str, proof: impl FnOnce() -> T) -> T {
        self.assert_said(statement);
        self.prove(statement, proof)
    }

    /// Proves that AWS, the engine or the client cannot do what a statement says, which the
    /// module's README says with what to write instead.
    pub fn cannot<T>(&self, statement: &str, proof: impl FnOnce() -> T) -> T {
        self.assert_said(statement);
        self.prove(statement, proof)
    }

    fn prove<T>(&self, statement: &str, proof: impl FnOnce() -> T) -> T {
        let _named = Named { document: self.number, statement };
        proof()
    }

    fn assert_said(&self, statement: &str) {
        let lines = lines_of(statement);
        assert!(
            self.said().contains_key(lines),
            "{}: {lines} is not in the table of the README",
            self.number
        );
    }

    /// The rows of the README's table "Differences from the document", by their lines.
    fn said(&self) -> BTreeMap<String, String> {
        let path = root().join("examples/modules").join(self.module).join("README.md");
        let text = fs::read_to_string(path).unwrap();
        let (_, table) = text.split_once("\n## Differences from the document\n").unwrap();
        let table = table.split("\n## ").next().unwrap();
        let rows = table.lines().filter(|line| line.starts_with("| ")).skip(2);
        rows.map(|row| (row.split('|').nth(1).unwrap().trim().to_owned(), row.to_owned())).collect()
    }

    /// The statements that the tests prove, with the name of the call that does.
    fn proven(&self) -> BTreeMap<String, String> {
        let call = Regex::new(&format!(r#"\b{}\s*\.\s*(works|differs|cannot)\(\s*"([^"]+)""#, self.constant))
            .unwrap();
        let mut proven = BTreeMap::new();
        for source in sources() {
            for found in call.captures_iter(&source) {
                let statement = found[2].to_owned();
                let before = proven.insert(statement.clone(), found[1].to_owned());
                assert_eq!(before, None, "{}: {statement} is proven twice", self.number);
            }
        }
        proven
    }
}

/// Names the statement when its proof fails.
struct Named<'a> {
    document: &'a str,
    statement: &'a str,
}

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = writeln!(std::io::stderr(), "document {}, lines {}", self.document, self.statement);
        }
    }
}

/// The lines of a statement, such as `9-28` in `9-28: the production configuration`.
fn lines_of(statement: &str) -> &str {
    statement.split_once(": ").expect("LINES: STATEMENT").0
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of all tests that prove statements.
fn sources() -> Vec<String> {
    let mut files: Vec<PathBuf> = SOURCES
        .iter()
        .flat_map(|folder| fs::read_dir(root().join("tests/acceptance").join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

/// The table of `examples/README.md`.
fn table() -> String {
    let mut table = "| document | module | statements | works | differs (said) | cannot (said) |\n\
                     | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    let mut total = [0; 4];
    for document in DOCUMENTS {
        let proven = document.proven();
        let count = |verdict: &str| proven.values().filter(|found| *found == verdict).count();
        let row = [proven.len(), count("works"), count("differs"), count("cannot")];
        for (sum, number) in total.iter_mut().zip(row) {
            *sum += number;
        }
        let (number, title, module) = (document.number, document.title, document.module);
        let [all, works, differs, cannot] = row;
        writeln!(
            table,
            "| {number} {title} | [{module}](modules/{module}) | {all} | {works} | {differs} | {cannot} |"
        )
        .unwrap();
    }
    let [all, works, differs, cannot] = total;
    writeln!(table, "| all | | {all} | {works} | {differs} | {cannot} |").unwrap();
    table
}

/// Every statement is proven, and every difference is said in the README of its module.
pub fn assert_complete() {
    for document in DOCUMENTS {
        let (number, proven, said) = (document.number, document.proven(), document.said());
        assert_eq!(proven.len(), document.statements, "{number}: statements that are proven");
        let mut unsaid = said.clone();
        for (statement, verdict) in &proven {
            let lines = lines_of(statement);
            for line in lines.split([',', '-']) {
                let line: u32 = line.trim().parse().unwrap_or_else(|_| panic!("{number}: {statement}"));
                assert!((1..=document.lines).contains(&line), "{number} has no line {line}");
            }
            if verdict != "works" {
                assert!(unsaid.remove(lines).is_some(), "{number}: {lines} has no row of its own");
            }
        }
        assert!(unsaid.is_empty(), "{number}: rows of the README that no test proves: {unsaid:#?}");
        for row in said.values() {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
            assert!(cells.len() == 4 && cells.iter().all(|cell| !cell.is_empty()), "{number}: {row}");
        }
    }
}

/// `examples/README.md` has the table; `UPDATE_DOCS=1` writes it.
pub fn assert_counted() {
    let file = root().join("examples/README.md");
    let text = fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once("<!-- statements -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /statements -->").unwrap();
    let right = format!("{before}<!-- statements -->\n\n{}\n<!-- /statements -->{after}", table());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &right).unwrap();
        return;
    }
    assert!(text == right, "examples/README.md is out of date; run the test with UPDATE_DOCS=1");
}
