//! The laws of STYLE that a program can check, over every text that a user reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Attribute, Block, Check, Replace};

use super::pages::root;
use super::texts::{blocks, texts};

/// Words that this project does not use, each beside the term of Terraform or AWS.
const WORDS: &[(&str, &str)] = &[
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
    ("given together", "set together"),
    ("to be given", "to be set"),
    ("keeps for itself", "reserves"),
    ("the case makes", "Case is ignored."),
    ("wins over", "overrides"),
    ("charges for", "bills"),
    ("somebody", "the role of the person"),
    ("no other one", "not another one"),
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
        let observed = path.strip_prefix(root()).unwrap().display().to_string();
        wrong.extend(foreign_words(&joined).into_iter().map(|word| format!("{observed}: {word}")));
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

/// The arguments in these blocks.
fn arguments_of(blocks: Vec<(String, &'static Block)>) -> Vec<(String, &'static Attribute)> {
    let mut found = Vec::new();
    for (name, block) in blocks {
        attributes(&name, block, &mut found);
    }
    found.retain(|(_, attribute)| attribute.is_configurable());
    found
}

/// The arguments of all resources.
fn arguments() -> Vec<(String, &'static Attribute)> {
    let resources = REGISTRY.resources.iter().map(|it| (it.type_name().to_owned(), &it.schema().block));
    let found = arguments_of(resources.collect());
    assert!(found.len() > 150, "{} arguments", found.len());
    found
}

/// Issue of every omitted argument: what happens then. A default that the schema has is added by
/// [`Attribute::documentation`].
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
    let all = arguments_of(blocks());
    assert!(all.len() > arguments().len() + 100, "{} arguments", all.len());
    let silent: Vec<_> = all.into_iter().filter(is_silent).map(|(place, _)| place).collect();
    assert!(silent.is_empty(), "{} say nothing of it:\n{}", silent.len(), silent.join("\n"));
}

#[test]
fn no_description_repeats_the_default_of_the_schema() {
    let mut wrong = Vec::new();
    for (place, attribute) in arguments_of(blocks()) {
        let times = attribute.documentation().matches("Defaults to").count();
        if attribute.documentation() != attribute.description && times > 1 {
            wrong.push(format!("{place}: {}", attribute.description));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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

/// The text without what stands between two marks of this kind.
fn without(text: &str, mark: char) -> String {
    text.split(mark).step_by(2).collect::<Vec<_>>().join(" ")
}

/// Words of Terraform itself that have an underscore, and no argument of this provider.
const NOT_ARGUMENTS: [&str; 1] = ["INSUFFICIENT_DATA"];

/// STYLE, rule 5, over the messages that `tests/errors` holds: at most eight words in a summary, and arguments in
/// backticks in the detail. An argument is known by its underscore; in quotes it is a value.
#[test]
fn messages_have_short_summaries_and_arguments_in_backticks() {
    let mut paths = Vec::new();
    files(&root().join("tests/errors"), &[".txt"], &mut paths);
    let (mut wrong, mut visited) = (Vec::new(), 0);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| !line.starts_with("  ")) {
            let summary = line.strip_prefix("error: ").or_else(|| line.strip_prefix("warning: "));
            visited += usize::from(summary.is_some());
            let is_wrong = match summary {
                Some(summary) => summary.split_whitespace().count() > 8,
                None => without(&without(line, '`'), '"').split_whitespace().any(|word| {
                    let name = word.trim_matches(|c: char| !c.is_alphanumeric());
                    let parts: Vec<&str> = name.split('_').collect();
                    let is_name = |part: &&str| part.chars().all(char::is_alphabetic) && !part.is_empty();
                    parts.len() > 1 && parts.iter().all(is_name) && !NOT_ARGUMENTS.contains(&name)
                }),
            };
            if is_wrong {
                wrong.push(format!("{}: {line}", path.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    assert!(visited > 200, "{visited} messages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Literals of Rust sources that have the form of a sentence, and are log lines.
const LOG_LINES: [&str; 2] =
    ["retaining the snapshot, as skip_destroy says", "skip_destroy is set; the log group is kept"];

/// The texts in a Rust source, without its tests: a literal over several lines as one line, its quotes as such.
fn literals(source: &str) -> Vec<String> {
    let (code, _) = source.split_once("#[cfg(test)]\nmod ").unwrap_or((source, ""));
    // Comments and characters first, so that a quote in them begins no text.
    let token = r##"//[^\n]*|'(?:\\[^\n][^'\n]*|[^\\'])'|r#"(?s:.*?)"#|"((?:[^"\\]|\\(?s:.))*)""##;
    let token = Regex::new(token).unwrap();
    let line_end = Regex::new(r"\\\n\s*").unwrap();
    let texts = token.captures_iter(code).filter_map(|found| found.get(1));
    texts.map(|text| line_end.replace_all(text.as_str(), "").replace("\\\"", "\"")).collect()
}

/// STYLE, rule 5, over what the sources say of arguments and types. At most eight words without punctuation are a
/// summary, in which a name stands alone.
#[test]
fn diagnostics_have_arguments_in_backticks() {
    let mut places = Vec::new();
    for (name, block) in blocks() {
        attributes(&name, block, &mut places);
    }
    let names: BTreeSet<&str> =
        places.iter().flat_map(|(place, _)| place.split('.')).filter(|name| name.contains('_')).collect();
    assert!(names.len() > 150, "{} names", names.len());
    let mut paths = Vec::new();
    for kind in
        ["aws", "provider", "resources", "data_sources", "ephemeral_resources", "actions", "list_resources"]
    {
        files(&root().join("src").join(kind), &[".rs"], &mut paths);
    }
    let (mut wrong, mut visited) = (Vec::new(), 0);
    for path in paths {
        let observed = path.strip_prefix(root()).unwrap().display().to_string();
        if observed.contains("tests") {
            continue;
        }
        for text in literals(&fs::read_to_string(&path).unwrap()) {
            let is_summary =
                text.split_whitespace().count() <= 8 && !text.contains(['.', ',', ':', ';', '"']);
            if is_summary || !text.contains(' ') || LOG_LINES.contains(&text.as_str()) {
                continue;
            }
            visited += 1;
            let plain = without(&without(&text, '`'), '"');
            let mut words = plain.split(|c: char| !c.is_alphanumeric() && !['_', '{', '}'].contains(&c));
            if let Some(word) = words.find(|word| names.contains(word)) {
                wrong.push(format!("{observed}: {word} in {text:?}"));
            }
        }
    }
    assert!(visited > 500, "{visited} texts");
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
    let rows: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix('|')?.split('|').next()).collect();
    let is_in_a_row = |name: &str| rows.iter().any(|row| row.contains(&format!("`{name}`")));
    let missing: Vec<&str> = names.filter(|name| !is_in_a_row(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
