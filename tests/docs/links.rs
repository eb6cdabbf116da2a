//! Links of the overview, which registries serve at another depth than the other pages.

use std::fs;

use crate::pages::{published, root};

/// Fault K27.
#[test]
fn every_link_of_the_overview_leads_to_a_page_of_the_registry() {
    let page = fs::read_to_string(root().join("docs/index.md")).unwrap();
    let links = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let mut pages = 0;
    let is_elsewhere =
        |link: &&str| link.starts_with('#') || link.starts_with("https://docs.aws.amazon.com/");
    for link in links.filter(|link| !is_elsewhere(link)) {
        let name = link.strip_prefix(&published()).unwrap_or_else(|| panic!("{link} is a relative link"));
        assert!(root().join("docs").join(format!("{name}.md")).is_file(), "{link} leads to no page");
        pages += 1;
    }
    assert!(pages > 20, "{pages} links");
}

/// Fault K27. Without a license that it knows, OpenTofu's registry does not show the documentation.
#[test]
fn the_repository_has_a_license() {
    let license = fs::read_to_string(root().join("LICENSE")).unwrap();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let name = manifest.lines().find_map(|line| line.strip_prefix("license = ")).unwrap().trim_matches('"');
    assert!(license.starts_with(&format!("{name} License\n")), "{name}: {license}");
}
