//! The table of the migration guide: from which version on a host has each feature.

use crate::support::terraform::{Workspace, hosts, is_tofu, version_of};

const GUIDE: &str = include_str!("../../../docs/guides/from-hashicorp-aws.md");

const LOG_GROUP: &str = r#"resource "elasticache_log_group" "this" {
  name = "/app/log"
}
"#;

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
        "`import` block" => {
            r#"import {
  to = elasticache_log_group.this
  id = "/app/log"
}
"#
        }
        "provider functions" => {
            r#"output "parts" {
  value = provider::elasticache::parse_redis_url("redis://cache.example.com:6379")
}
"#
        }
        "ephemeral resources" => {
            r#"ephemeral "elasticache_auth_token" "this" {}
"#
        }
        "write-only arguments (`auth_token_wo`, `passwords_wo`)" => {
            r#"resource "elasticache_user" "this" {
  user_id = "app"
  user_name = "app"
  engine = "valkey"
  access_string = "on ~* +@all"
  passwords_wo = ["0123456789abcdef"]
  passwords_wo_version = 1
}
"#
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

/// L4. Each host on the PATH has what the table says of its version, and nothing that it says comes later.
#[test]
fn hosts_have_the_features_that_the_migration_guide_says_of_their_version() {
    let rows = rows();
    assert!(rows.len() >= 7, "{rows:?}");
    for host in hosts() {
        let own = version_of(&host);
        for [feature, terraform, opentofu] in &rows {
            let first = version(if is_tofu(&host) { opentofu } else { terraform });
            let workspace = Workspace::offline(&using(feature));
            let run = workspace.program(&host, &["validate", "-no-color"]);
            let expected = if own >= first { 0 } else { 1 };
            assert_eq!(run.code, Some(expected), "{feature} of {own:?}: {run}");
        }
    }
}
