//! The table of the migration guide: from which version on a host has each feature.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::terraform::{Workspace, hosts};

const GUIDE: &str = include_str!("../../../docs/guides/from-hashicorp-aws.md");

const LOG_GROUP: &str = "resource \"elasticache_log_group\" \"this\" {\n  name = \"/app/log\"\n}\n";

/// A configuration that uses the feature of a row and is valid where the host has it.
fn using(feature: &str) -> String {
    let more = match feature {
        "`moved` from one provider to another" => {
            "moved {\n  from = aws_cloudwatch_log_group.this\n  to   = elasticache_log_group.this\n}\n"
        }
        "`removed`" => "removed {\n  from = elasticache_log_group.gone\n}\n",
        "`lifecycle { destroy = false }` in `removed`" => {
            "removed {\n  from = elasticache_log_group.gone\n\n  lifecycle {\n    destroy = false\n  }\n}\n"
        }
        "`import` block" => "import {\n  to = elasticache_log_group.this\n  id = \"/app/log\"\n}\n",
        "provider functions" => {
            "output \"parts\" {\n  value = provider::elasticache::parse_redis_url(\"redis://cache.example.com:6379\")\n}\n"
        }
        "ephemeral resources" => "ephemeral \"elasticache_auth_token\" \"this\" {}\n",
        "write-only arguments (`auth_token_wo`, `passwords_wo`)" => {
            "resource \"elasticache_user\" \"this\" {\n  user_id = \"app\"\n  user_name = \"app\"\n  engine = \"valkey\"\n  \
             access_string = \"on ~* +@all\"\n  passwords_wo = [\"0123456789abcdef\"]\n  passwords_wo_version = 1\n}\n"
        }
        other => panic!("add a configuration that uses {other:?}"),
    };
    format!("{LOG_GROUP}\n{more}")
}

/// The rows of the table: feature, and the first version of Terraform and of OpenTofu.
fn rows() -> Vec<[&'static str; 3]> {
    let (_, table) = GUIDE.split_once("| Feature | Terraform | OpenTofu |\n| --- | --- | --- |\n").unwrap();
    let lines = table.lines().take_while(|line| line.starts_with('|'));
    let cells = |line: &'static str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        <[&str; 3]>::try_from(cells).unwrap()
    };
    lines.map(cells).collect()
}

/// Major and minor version at the beginning of a text.
fn version(text: &str) -> (u32, u32) {
    let mut parts = text.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap());
    (parts.next().unwrap(), parts.next().unwrap())
}

fn version_of(host: &Path) -> (u32, u32) {
    let output =
        Command::new(host).args(["version", "-json"]).env("CHECKPOINT_DISABLE", "1").output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    version(answer["terraform_version"].as_str().unwrap())
}

/// L4. Each host on the PATH has what the table says of its version, and nothing that it says comes later.
#[test]
fn hosts_have_the_features_that_the_migration_guide_says_of_their_version() {
    let rows = rows();
    assert!(rows.len() >= 7, "{rows:?}");
    for host in hosts() {
        let own = version_of(&host);
        for [feature, terraform, opentofu] in &rows {
            let first = version(if host.ends_with("tofu") { opentofu } else { terraform });
            let workspace = Workspace::offline(&using(feature));
            let run = workspace.program(&host, &["validate", "-no-color"]);
            let expected = if own >= first { 0 } else { 1 };
            assert_eq!(run.code, Some(expected), "{feature} of {own:?}: {run}");
        }
    }
}
