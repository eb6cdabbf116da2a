//! Articles fit the words that follow them, also where a text names a type or quotes a value.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use terraform_provider_elasticache::engine::MoveRequest;
use terraform_provider_elasticache::registry::REGISTRY;

use crate::pages::root;

/// Letters whose names begin with a vowel.
const VOWELS: &str = "AEFHILMNORSX";

/// Abbreviations and names in capitals that are read as words.
const READ_AS_WORDS: [&str; 9] =
    ["FIPS", "LICENSE", "NAT", "README", "SIGHUP", "SIGINT", "SIGKILL", "SIGTERM", "SYN"];

/// What follows the name `a`, which is no article.
const AFTER_A_NAME: [&str; 9] = ["and", "as", "else", "if", "in", "is", "of", "on", "or"];

/// What stands between the lines of a comment, a table or a text that is continued.
const MARKS: [&str; 7] = ["///", "//!", "//", "\\", "|", "-", ">"];

fn needs_an(word: &str) -> bool {
    let is_capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    if word.len() > 1 && word.chars().all(is_capital) && !READ_AS_WORDS.contains(&word) {
        return word.starts_with(|c: char| VOWELS.contains(c));
    }
    let lower = word.to_ascii_lowercase();
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| lower.starts_with(*beginning));
    if begins(&["honest", "honor", "hour", "http"]) {
        return true;
    }
    let has_consonant = begins(&["eur", "once", "one"])
        || (begins(&["uni", "uri", "url", "usa", "use", "usu", "utf", "uti"])
            && !begins(&["unid", "unim", "unin"]));
    !has_consonant && lower.starts_with(['a', 'e', 'i', 'o', 'u'])
}

/// Each article of the text that does not fit, with the word that follows.
fn wrong_articles(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut before = String::new();
    for token in text.split_whitespace().filter(|token| !MARKS.contains(token)) {
        if before == "a" || before == "an" {
            let quoted = token.trim_start_matches(['`', '"', '“', '\'', '*', '\\', '[', '<']);
            let word = quoted.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            let is_noun =
                word.starts_with(|c: char| c.is_ascii_alphabetic()) && !AFTER_A_NAME.contains(&word);
            if is_noun && needs_an(word) != (before == "an") {
                wrong.push(format!("{before} {token}"));
            }
        }
        before = token.trim_start_matches(['`', '"', '“', '*', '\\', '(']).to_ascii_lowercase();
    }
    wrong
}

/// The files below a place with one of these endings.
fn collect(place: &Path, endings: &[&str], files: &mut Vec<PathBuf>) {
    if place.is_dir() {
        return fs::read_dir(place)
            .unwrap()
            .for_each(|entry| collect(&entry.unwrap().path(), endings, files));
    }
    if place.extension().is_some_and(|ending| endings.iter().any(|it| *it == ending)) {
        files.push(place.to_owned());
    }
}

/// Fault L8. The pages hold every text of the schemas, `tests/errors` the messages of wrong
/// configurations, and the sources all other messages.
#[test]
fn every_article_fits_the_word_that_follows() {
    let mut files = Vec::new();
    for place in ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs", "examples", "src"] {
        collect(&root().join(place), &["md", "rs", "tf"], &mut files);
    }
    collect(&root().join("tests/errors"), &["txt"], &mut files);
    assert!(files.len() > 200, "{} files", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let name = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        let found = wrong_articles(&fs::read_to_string(&file).unwrap());
        wrong.extend(found.into_iter().map(|article| format!("{name}: {article}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Fault L8. Messages that name the type of a resource.
#[test]
fn every_article_fits_the_type_that_a_message_names() {
    for resource in REGISTRY.resources {
        let request = MoveRequest {
            provider: "registry.terraform.io/other/aws".to_owned(),
            type_name: "aws_instance".to_owned(),
            state: json!({ "id": "demo" }),
            ..MoveRequest::default()
        };
        let refused = [
            resource.moved(&request).map(drop).unwrap_err(),
            resource.import("arn:aws:iam::111122223333:role/demo").map(drop).unwrap_err(),
            resource.upgrade(99, json!({})).map(drop).unwrap_err(),
        ];
        for diagnostic in refused {
            let text = format!("{} {}", diagnostic.summary, diagnostic.detail);
            assert_eq!(wrong_articles(&text), [""; 0], "{}: {text}", resource.type_name());
        }
    }
}

#[test]
fn an_article_that_does_not_fit_is_found() {
    for wrong in [
        "A aws_elasticache_user moves here.",
        "Write a `elasticache_replication_group` first.",
        "It needs a AUTH token.",
        "an TLS connection",
        "an \"user\" of it",
        "It is a ID, or (a ARN).",
        "/// of a\n/// alarm",
    ] {
        assert_eq!(wrong_articles(wrong).len(), 1 + usize::from(wrong.contains("(a ")), "{wrong}");
    }
    for right in [
        "An aws_elasticache_user, a user, an unknown value, a unique ID, an ARN and a URL.",
        "an `elasticache_subnet_group`, an HTTP proxy, an RPC, a TLS connection, a KMS key, an hour, a one-node group",
        "User a is not a member of it.",
        "an SNS topic, an S3 bucket, an IAM role, a NAT gateway, a European Region",
    ] {
        assert_eq!(wrong_articles(right), [""; 0], "{right}");
    }
}
