//! What is compiled of the dependencies.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::process::Command;

/// Each dependency of the provider's program with its features, as they are when the tests are built too
/// (`normal,dev`), or not (`normal`).
fn dependencies(edges: &str) -> BTreeSet<String> {
    let tree =
        ["tree", "--offline", "--locked", "--no-dedupe", "--prefix=none", "--format={p} {f}", "--edges"];
    let output = Command::new(env!("CARGO"))
        .args(tree)
        .arg(edges)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| line.trim_end_matches(" (*)").trim_end().to_owned()).collect()
}

/// Otherwise the SDKs are compiled once for `cargo build` and once more for `cargo test`. If this fails, give
/// the dependency the feature in `[dependencies]` too, or do without it in `[dev-dependencies]`.
#[test]
fn tests_add_no_feature_to_a_dependency_of_the_provider() {
    let (of_provider, with_tests) = (dependencies("normal"), dependencies("normal,dev"));
    assert!(of_provider.len() > 100, "{of_provider:#?}");
    let changed: Vec<&String> = of_provider.difference(&with_tests).collect();
    assert_eq!(changed, [""; 0]);
}
