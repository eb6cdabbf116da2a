//! The laws of STYLE that a program can check, over every text that a user reads.

use std::fs;
use std::path::{Path, PathBuf};

use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Attribute, Block, Check, Replace};

use super::pages::root;
use super::texts::{blocks, texts};

/// Words that this project does not use, each beside the term of Terraform or AWS.
const WORDS: [(&str, &str); 33] = [
    ("that is there", "existing"),
    ("what is there", "existing"),
    ("already there", "already exists"),
    ("there already", "already exists"),
    ("aws tells", "AWS returns"),
    ("aws says", "AWS returns"),
    ("aws shows", "AWS returns"),
    ("is told", "receives"),
    ("are told", "receive"),
    ("not told", "not returned by the API"),
    ("untold", "not returned by the API"),
    ("anew", "recreated"),
    ("being made", "being created"),
    ("when it is made", "when it is created"),
    ("a change means", "Changing this forces a new resource."),
    ("means a new", "forces a new resource"),
    ("broken off", "interrupted"),
    ("gone on with", "resumed"),
    ("leave out", "omit"),
    ("leaves out", "omits"),
    ("left out", "omitted"),
    ("what follows it", "dependent resources"),
    ("to the letter", "exactly identical"),
    ("for want of", "without"),
    ("on the quiet", "silently"),
    ("take away", "remove"),
    ("takes away", "removes"),
    ("take out", "remove"),
    ("whose turn", "holds the lock"),
    ("somebody else", "not managed by this configuration"),
    ("when not given", "If omitted"),
    ("when it is not given", "If omitted"),
    ("let write", "allowed to write"),
];

/// The words in a text that STYLE replaces.
fn foreign_words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let is_word = |at: Option<char>| at.is_some_and(char::is_alphanumeric);
    let stands = |word: &str| {
        lower.match_indices(word).any(|(at, _)| {
            !is_word(lower[..at].chars().next_back()) && !is_word(lower[at + word.len()..].chars().next())
        })
    };
    let found = WORDS.iter().filter(|(word, _)| stands(word));
    found.map(|(word, instead)| format!("{word:?}: write {instead:?}")).collect()
}

#[test]
fn descriptions_use_the_terms_of_terraform_and_aws() {
    let mut wrong = Vec::new();
    for (name, block) in blocks() {
        for (place, text) in texts(&name, block) {
            wrong.extend(foreign_words(&text).into_iter().map(|word| format!("{place}: {word}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every file below a folder with one of these endings.
fn files(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", ".terraform", "node_modules"].contains(&name.as_str()) {
                files(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
}

fn wrong_words_of(folders: &[&str], endings: &[&str]) -> Vec<String> {
    let mut paths = Vec::new();
    for folder in folders {
        let path = root().join(folder);
        if path.is_dir() { files(&path, endings, &mut paths) } else { paths.push(path) }
    }
    assert!(paths.len() > 1, "{folders:?} are empty");
    let mut wrong = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        // A sentence may go on in the next line, behind the mark of a comment.
        let marks = ["///", "//!", "//", "#"];
        let plain = |line: &str| {
            let line = line.trim();
            marks
                .iter()
                .find_map(|mark| line.strip_prefix(mark))
                .unwrap_or(line)
                .trim_end_matches('\\')
                .trim()
                .to_owned()
        };
        let joined = text.lines().map(plain).collect::<Vec<_>>().join(" ");
        let shown = path.strip_prefix(root()).unwrap().display().to_string();
        wrong.extend(foreign_words(&joined).into_iter().map(|word| format!("{shown}: {word}")));
    }
    wrong
}

#[test]
fn pages_use_the_terms_of_terraform_and_aws() {
    let pages = ["docs", "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "examples"];
    let wrong = wrong_words_of(&pages, &[".md", ".tf", ".hcl", ".yml", ".yaml", ".rego"]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Diagnostics, comments and log lines.
#[test]
fn sources_use_the_terms_of_terraform_and_aws() {
    let wrong = wrong_words_of(&["src"], &[".rs"]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The attributes of a block and of all that is nested in it, each with its place.
fn attributes<'a>(place: &str, block: &'a Block, found: &mut Vec<(String, &'a Attribute)>) {
    fn of<'a>(place: &str, attributes: &'a [Attribute], found: &mut Vec<(String, &'a Attribute)>) {
        for attribute in attributes.iter().filter(|attribute| !attribute.ignored) {
            let place = format!("{place}.{}", attribute.name);
            found.push((place.clone(), attribute));
            if let Some(nested) = &attribute.nested {
                of(&place, &nested.attributes, found);
            }
        }
    }
    of(place, &block.attributes, found);
    for nested in &block.blocks {
        attributes(&format!("{place}.{}", nested.name), &nested.block, found);
    }
}

/// The arguments of all resources.
fn arguments() -> Vec<(String, &'static Attribute)> {
    let mut found = Vec::new();
    for resource in REGISTRY.resources {
        attributes(resource.type_name(), &resource.schema().block, &mut found);
    }
    found.retain(|(_, attribute)| attribute.is_configurable());
    assert!(found.len() > 150, "{} arguments", found.len());
    found
}

/// Issue of every omitted argument: what happens then. A default that the schema has is added by the page.
#[test]
fn every_optional_argument_says_what_happens_when_it_is_omitted() {
    let says = ["Defaults to", "If omitted", "if omitted", "no effect", "without effect"];
    let is_silent = |(place, attribute): &(String, &Attribute)| {
        let given = attribute.default.is_some()
            || attribute.requires.iter().any(|name| attribute.write_only && !name.is_empty());
        // Omitted tags and time-outs are what every resource has; their own texts say so once.
        let common = [".tags", ".timeouts."].iter().any(|part| place.contains(part));
        attribute.mode != terraform_provider_elasticache::schema::Mode::Required
            && !given
            && !common
            && !says.iter().any(|words| attribute.description.contains(words))
    };
    let silent: Vec<_> = arguments().into_iter().filter(is_silent).map(|(place, _)| place).collect();
    assert!(silent.is_empty(), "{} say nothing of it:\n{}", silent.len(), silent.join("\n"));
}

#[test]
fn every_argument_that_replaces_says_so_in_the_same_words() {
    let mut wrong = Vec::new();
    for (place, attribute) in arguments() {
        let text = &attribute.description;
        let fits = match attribute.replace {
            Replace::Always => text.contains("Changing this forces a new resource."),
            Replace::If(_) => text.contains("forces a new resource") || text.contains("force a new resource"),
            Replace::Never => !text.contains("Changing this forces a new resource."),
        };
        if !fits {
            wrong.push(format!("{place}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_allowed_value_is_listed() {
    let mut wrong = Vec::new();
    for (place, attribute) in arguments() {
        for check in &attribute.checks {
            let (Check::OneOf(values), text) = (check, &attribute.description) else { continue };
            let missing: Vec<_> =
                values.iter().filter(|value| !text.contains(&format!("`{value}`"))).collect();
            if !missing.is_empty() {
                wrong.push(format!("{place} does not list {missing:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Issue 17: one table says of each argument of the replication group what a change of it does.
#[test]
fn the_table_of_changes_has_every_argument_of_the_replication_group() {
    let table =
        fs::read_to_string(root().join("examples/resources/elasticache_replication_group/changes.md"))
            .unwrap();
    let name = "elasticache_replication_group";
    let resource = REGISTRY.resources.iter().find(|it| it.type_name() == name).unwrap();
    let block = &resource.schema().block;
    let arguments =
        block.attributes.iter().filter(|it| it.is_configurable() && !it.ignored).map(|it| it.name);
    let names = arguments.chain(block.blocks.iter().map(|it| it.name));
    let missing: Vec<&str> = names.filter(|name| !table.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
