//! What the registries require of the files under `docs/`: the rules of `tfplugindocs validate`, which needs Go, and
//! those of the storage of registry.terraform.io. That each type has its page, and no page is left over, is what
//! `reference_pages_say_what_the_schemas_say` shows.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::pages::{FOLDERS, root};

/// Bytes of a page, which are the most that registry.terraform.io shows.
const MOST_BYTES: u64 = 500_000;

/// Pages of a provider, which are the most that registry.terraform.io documents.
const MOST_PAGES: usize = 1_000;

/// Every file that a registry shows: the overview, the guides and the reference pages.
fn observed() -> Vec<PathBuf> {
    let docs = root().join("docs");
    let mut files = vec![docs.join("index.md")];
    for folder in FOLDERS.iter().chain(&["guides"]) {
        let Ok(entries) = fs::read_dir(docs.join(folder)) else { continue };
        files.extend(entries.map(|entry| entry.unwrap().path()));
    }
    files
}

/// Keys and values of the front matter, in the part of YAML that the pages use: plain, quoted, and literal texts.
fn front_matter(page: &str) -> Result<BTreeMap<&str, String>, String> {
    let rest = page.strip_prefix("---\n").ok_or("no front matter")?;
    let (head, _) = rest.split_once("\n---\n").ok_or("the front matter does not end")?;
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    let mut literal = None;
    for line in head.lines() {
        if let (Some(key), Some(text)) = (literal, line.strip_prefix("  ")) {
            found.entry(key).or_default().push_str(text);
            continue;
        }
        let (key, value) = line.split_once(": ").ok_or_else(|| format!("{line:?} is no key with a value"))?;
        if !key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            return Err(format!("{key:?} is no key"));
        }
        literal = (value == "|-").then_some(key);
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let ends_early = [": ", " #"].iter().any(|mark| value.contains(mark));
        let text = match quoted {
            _ if literal.is_some() => "",
            Some(text) if !text.contains(['"', '\\']) => text,
            None if !ends_early && value.starts_with(char::is_alphanumeric) => value,
            _ => return Err(format!("{value:?} is not a text in YAML")),
        };
        if found.insert(key, text.to_owned()).is_some() {
            return Err(format!("{key:?} stands twice"));
        }
    }
    Ok(found)
}

/// What is wrong with the front matter of the page at this path below `docs/`.
fn problem(path: &Path, page: &str) -> Option<String> {
    let found = match front_matter(page) {
        Ok(found) => found,
        Err(problem) => return Some(problem),
    };
    let allowed: &[&str] = match path == Path::new("index.md") {
        true => &["page_title", "description"],
        false => &["page_title", "description", "subcategory"],
    };
    if let Some(key) = found.keys().find(|key| !allowed.contains(key)) {
        return Some(format!("{key:?} is not allowed here"));
    }
    let is_empty = |key: &&&str| found.get(**key).is_none_or(String::is_empty);
    ["page_title", "description"].iter().find(is_empty).map(|key| format!("no {key}"))
}

#[test]
fn every_page_is_one_that_registries_accept() {
    let files = observed();
    assert!(files.len() > 60 && files.len() < MOST_PAGES, "{} pages", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let path = file.strip_prefix(root().join("docs")).unwrap().to_owned();
        let mut refuse = |problem: String| wrong.push(format!("{}: {problem}", path.display()));
        if file.extension().is_none_or(|ending| ending != "md") || !file.is_file() {
            refuse("not a file with the ending .md".to_owned());
            continue;
        }
        if fs::metadata(&file).unwrap().len() >= MOST_BYTES {
            refuse("too long".to_owned());
        }
        let page = fs::read_to_string(&file).unwrap();
        if page.contains("\n\n\n") {
            refuse("two empty lines".to_owned());
        }
        if let Some(problem) = problem(&path, &page) {
            refuse(problem);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// OpenTofu prefers `website/docs` to `docs`, and tfplugindocs refuses both beside each other.
#[test]
fn there_is_one_layout_of_the_documentation() {
    for folder in ["website/docs", "docs/cdktf"] {
        assert!(!root().join(folder).exists(), "{folder}");
    }
}

#[test]
fn a_front_matter_that_is_no_yaml_is_found() {
    let page = |head: &str| format!("---\n{head}\n---\n# A\n");
    let title = "page_title: \"A\"";
    for (path, head, expected) in [
        ("guides/a.md", "page_title: \"A\"\ndescription: About it.".to_owned(), None),
        ("resources/a.md", format!("{title}\ndescription: |-\n  About it: all.\nsubcategory: \"B\""), None),
        // A second paragraph of a description, which began in the first column.
        ("resources/a.md", format!("{title}\ndescription: |-\n  About it.\n\nMore."), Some("\"\" is no key")),
        ("guides/a.md", format!("{title}\ndescription: About it: all."), Some("is not a text in YAML")),
        ("guides/a.md", "description: About it.".to_owned(), Some("no page_title")),
        (
            "index.md",
            format!("{title}\ndescription: A.\nsubcategory: B"),
            Some("\"subcategory\" is not allowed"),
        ),
        ("guides/a.md", format!("{title}\nlayout: B\ndescription: A."), Some("\"layout\" is not allowed")),
        ("guides/a.md", format!("{title}\n{title}\ndescription: A."), Some("\"page_title\" stands twice")),
    ] {
        let found = problem(Path::new(path), &page(&head));
        match expected {
            None => assert_eq!(found, None, "{head}"),
            Some(words) => {
                assert!(found.as_deref().is_some_and(|it| it.contains(words)), "{head}: {found:?}");
            }
        }
    }
    assert_eq!(problem(Path::new("guides/a.md"), "# A\n").as_deref(), Some("no front matter"));
}
