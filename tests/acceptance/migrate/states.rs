//! States of hashicorp/aws, which the migrated configuration plans without a change.

use crate::fixture::Fixture;
use crate::migrate::{migrate, with_aws};
use crate::module_compatibility::moved::{self, AWS, Version};

/// What the command leaves to a person: types that take the place of several, and what refers to them.
const BY_HAND: [&str; 4] = ["security_group", "ssm_url", "secret", "replication_group.cache"];

fn stack(version: Version) -> String {
    moved::parts(|address| version.has(address) && !BY_HAND.iter().any(|part| address.contains(part)))
        .replace(
            "\nskip_destroy = true",
            if version == Version::V3_39 { "" } else { "\nskip_destroy = true" },
        )
}

/// Each resource moves from its address with hashicorp/aws, and nothing changes.
#[track_caller]
fn assert_moves(fixture: &Fixture, addresses: &[String]) {
    let plan = fixture.terraform.plan();
    for ours in addresses {
        assert_eq!(plan.moved_from(ours), Some(&*with_aws(ours)), "{ours}");
        assert_eq!(plan.actions_on(ours), ["no-op"], "{}: {:?}", plan.show(ours), plan.changed(ours));
    }
    plan.assert_empty();
}

/// A file of a configuration, before and after its migration.
struct File {
    path: &'static str,
    before: String,
    after: String,
}

/// Applies a configuration, gives it and its state the form that they have with hashicorp/aws, and migrates
/// it.
#[track_caller]
fn comes_here(version: Version, fixture: &Fixture, files: &[File]) {
    for file in files {
        fixture.terraform.write(file.path, &file.after);
    }
    fixture.terraform.run(&["get"]).succeeds();
    fixture.terraform.apply();
    let addresses = fixture.addresses();
    assert!(addresses.len() > 7, "{addresses:?}");
    moved::forge(fixture, version);
    moved::stand_in(fixture, &[&AWS]);
    for file in files {
        fixture.terraform.write(file.path, &file.before);
    }
    let state = || std::fs::read(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    let before = state();
    migrate(&fixture.terraform, &["--write"]).succeeds();
    assert_eq!(state(), before);
    for file in files {
        let after = std::fs::read_to_string(fixture.terraform.path().join(file.path)).unwrap();
        assert_eq!(after, file.after, "{}", file.path);
    }
    assert_moves(fixture, &addresses);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}

fn stack_comes_here(version: Version) {
    let fixture = Fixture::new("");
    let after = stack(version);
    comes_here(version, &fixture, &[File { path: "main.tf", before: with_aws(&after), after }]);
    std::fs::remove_file(fixture.terraform.path().join("elasticache_moved.tf")).unwrap();
    fixture.terraform.assert_unchanged();
}

#[test]
fn a_stack_of_hashicorp_aws_3_39_plans_no_change() {
    stack_comes_here(Version::V3_39);
}

#[test]
fn a_stack_of_hashicorp_aws_5_100_plans_no_change() {
    stack_comes_here(Version::V5_100);
}

#[test]
fn a_stack_of_hashicorp_aws_6_58_plans_no_change() {
    stack_comes_here(Version::V6_58);
}

/// A module that is called with a configuration of its own.
#[test]
fn a_stack_in_a_module_plans_no_change() {
    let fixture = Fixture::new("");
    std::fs::create_dir(fixture.terraform.path().join("cache")).unwrap();
    let root = |local: &str| {
        format!(
            r#"provider "{local}" {{
  alias  = "caches"
  region = "eu-west-1"
}}

module "cache" {{
  source    = "./cache"
  providers = {{ {local} = {local}.caches }}
}}
"#
        )
    };
    let versions = |entry: &str| format!("terraform {{\n  required_providers {{\n{entry}  }}\n}}\n");
    let theirs = r#"    aws = {
      source = "hashicorp/aws"
    }
"#;
    let ours = r#"    elasticache = {
      source  = "elasticache-rs/elasticache"
      version = "~> 0.1"
    }
"#;
    let version = Version::V5_100;
    let after = stack(version);
    comes_here(
        version,
        &fixture,
        &[
            File { path: "main.tf", before: root("aws"), after: root("elasticache") },
            File { path: "cache/versions.tf", before: versions(theirs), after: versions(ours) },
            File { path: "cache/main.tf", before: with_aws(&after), after },
        ],
    );
}

/// A `moved` block between two addresses of hashicorp/aws that some states have not seen yet.
#[test]
fn an_older_move_is_made_first() {
    let subnets = |name: &str| {
        format!(
            r#"resource "elasticache_subnet_group" "{name}" {{
  name       = "Cache"
  subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
}}
"#
        )
    };
    let fixture = Fixture::new(&subnets("this"));
    fixture.terraform.apply();
    moved::forge(&fixture, Version::V5_100);
    moved::stand_in(&fixture, &[&AWS]);
    let older = "\nmoved {\n  from = aws_elasticache_subnet_group.this\n  to   = aws_elasticache_subnet_group.main\n}\n";
    fixture.terraform.configure(&format!("{}{older}", with_aws(&subnets("main"))));
    migrate(&fixture.terraform, &["--write"]).succeeds();
    let after = std::fs::read_to_string(fixture.terraform.path().join("main.tf")).unwrap();
    assert_eq!(after, format!("{}{older}", subnets("main")));
    let plan = fixture.terraform.plan();
    assert_eq!(plan.moved_from("elasticache_subnet_group.main"), Some("aws_elasticache_subnet_group.this"));
    plan.assert_empty();
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}
