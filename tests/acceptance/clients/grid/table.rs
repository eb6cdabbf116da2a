//! The table of clients in the documents, and what is said about clients that are not installed.

use std::path::Path;
use std::process::Command;

use super::client::{CLIENTS, Client, ClusterMode};

fn file(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The row of a client.
fn row(client: &Client) -> String {
    let url = if client.parameters.is_empty() { "yes" } else { "with `ssl_cert_reqs`" };
    let secret = if client.accepts_secret { "yes" } else { "its `url`" };
    let cluster_mode = match client.cluster_mode {
        ClusterMode::Supported => "yes",
        ClusterMode::Refused(_) => "no",
    };
    let serverless = if client.serverless == "one-slot" { "keys in one slot" } else { "yes" };
    let failover = match client.cluster_mode {
        ClusterMode::Supported => "with and without cluster mode",
        ClusterMode::Refused(_) => "without cluster mode",
    };
    let (name, version) = (client.name, client.version());
    let cells = [name, &version, "yes", url, secret, cluster_mode, serverless, "yes", failover];
    format!("| {} |", cells.join(" | "))
}

#[test]
fn the_document_has_the_row_of_every_client() {
    let text = std::fs::read_to_string(file("docs/RELIABILITY.md")).unwrap();
    let (_, section) = text.split_once("\n## Real clients\n").expect("a section on clients");
    let section = section.split("\n## ").next().unwrap();
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert_eq!(rows, CLIENTS.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn a_client_that_is_not_installed_is_skipped_with_the_way_to_install_it() {
    let place = tempfile::tempdir().unwrap();
    let reasons = || -> Vec<(&str, String)> {
        let of = |client: &Client| client.command(place.path()).err();
        CLIENTS.iter().filter_map(|client| Some((client.name, of(client)?))).collect()
    };
    let missing = reasons();
    assert_eq!(missing.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["ioredis", "go-redis", "Lettuce"]);
    for (name, reason) in &missing {
        assert!(reason.contains("make more-clients installs it"), "{name}: {reason}");
    }

    // One that `make more-clients` has installed, before its files in the repository changed.
    for folder in ["ioredis", "go_redis", "lettuce"] {
        std::fs::create_dir(place.path().join(folder)).unwrap();
        std::fs::write(place.path().join(folder).join(".installed"), "").unwrap();
    }
    let outdated = reasons();
    assert_eq!(outdated.len(), 3);
    assert!(outdated.iter().all(|(_, reason)| reason.contains("earlier version")), "{outdated:?}");
}

#[test]
fn the_installation_names_what_the_machine_lacks() {
    let place = tempfile::tempdir().unwrap();
    for (client, lacks) in [("ioredis", "Node.js"), ("go_redis", "Go"), ("lettuce", "Maven")] {
        let directory = place.path().join(client);
        let mut install = Command::new("/bin/sh");
        install.arg(file("tests/acceptance/clients/apps/install.sh")).args([client]).arg(&directory);
        let output = install.env_clear().env("PATH", place.path()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.starts_with("Missing: ") && said.contains(lacks), "{said}");
        assert!(!directory.exists(), "{client}: nothing is installed");
    }
}
