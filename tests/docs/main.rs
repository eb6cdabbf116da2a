//! The reference pages under `docs/` are made from the schemas and the examples.
//! This test fails when they differ from what the code says; `make docs` writes them.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod articles;
mod claims;
mod guide;
mod links;
mod pages;
mod parity;
mod permissions;
mod registry;
mod schema;
mod source;
mod texts;
mod walk;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use pages::{FOLDERS, pages, readme, root};

#[test]
fn reference_pages_say_what_the_schemas_say() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let pages = pages();
    let readme = (PathBuf::from("README.md"), readme());
    for (path, page) in pages.iter().chain([(&readme.0, &readme.1)]) {
        let file = root().join(path);
        if update {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, page).unwrap();
        }
        let found = fs::read_to_string(&file).unwrap_or_default();
        assert!(found == *page, "{} is not what the schema says; run `make docs`", path.display());
    }
    for folder in FOLDERS.map(|folder| Path::new("docs").join(folder)) {
        // A kind of which there is nothing has no folder.
        let Ok(entries) = fs::read_dir(root().join(&folder)) else { continue };
        for entry in entries {
            let path = folder.join(entry.unwrap().file_name());
            assert!(pages.contains_key(&path), "{} belongs to nothing; remove it", path.display());
        }
    }
}

/// An example of what is no longer there would be shown nowhere, and mislead who finds it.
#[test]
fn every_example_belongs_to_something() {
    let pages = pages();
    for folder in FOLDERS {
        let Ok(entries) = fs::read_dir(root().join("examples").join(folder)) else { continue };
        for name in entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
            let short = name.strip_prefix("elasticache_").unwrap_or(&name);
            let page = Path::new("docs").join(folder).join(format!("{short}.md"));
            assert!(pages.contains_key(&page), "examples/{folder}/{name} belongs to nothing; remove it");
        }
    }
}
