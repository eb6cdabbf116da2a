//! The excerpts of CONTRIBUTING.md are lines of the files that they name.

use std::fs;

use super::pages::root;

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_walk_through_an_attribute_shows_the_code_as_it_is() {
    let guide = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let mut excerpts = 0;
    for fenced in guide.split("```rust,").skip(1) {
        let (file, rest) = fenced.split_once('\n').unwrap();
        let excerpt = rest.split("```").next().unwrap();
        let source = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(words(&source).contains(&words(excerpt)), "{file} has no {excerpt}");
        excerpts += 1;
    }
    assert!(excerpts >= 4, "{excerpts} excerpts");
}
