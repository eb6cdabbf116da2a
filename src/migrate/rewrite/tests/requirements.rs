//! `required_providers`.

use super::{Migrated, SUBNETS};

/// What a file is after the migration of a module with a cache, and with another object or not.
#[track_caller]
fn required(path: &str, text: &str, has_other: bool) -> String {
    let other = if has_other { "\nresource \"aws_instance\" \"this\" {\n}\n" } else { "" };
    Migrated::of(&[("main.tf", &format!("{SUBNETS}{other}")), (path, text)]).file(path)
}

#[test]
fn the_entry_stands_behind_that_of_hashicorp_aws() {
    let before = "terraform {\n  required_version = \">= 1.8\"\n\n  required_providers {\n    aws = \">= 5.0\" # as ever\n\n    \
                  random = {\n      source = \"hashicorp/random\"\n    }\n  }\n}\n";
    let entry = "    elasticache = {\n      source  = \"elasticache-rs/elasticache\"\n      version = \"~> 0.1\"\n    }\n";
    let after = before.replace("# as ever\n", &format!("# as ever\n{entry}"));
    assert_eq!(required("versions.tf", before, true), after);
    let replaced =
        before.replace("    aws = \">= 5.0\" # as ever\n", &entry.replace("    }\n", "    } # as ever\n"));
    assert_eq!(required("versions.tf", before, false), replaced);
}

#[test]
fn a_block_of_one_line_gets_lines() {
    let before = "terraform {\n  required_providers { aws = { source = \"hashicorp/aws\" } }\n}\n";
    let after = r#"terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
    elasticache = {
      source  = "elasticache-rs/elasticache"
      version = "~> 0.1"
    }
  }
}
"#;
    let spaces = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let rewritten = required("versions.tf", before, true);
    assert_eq!(spaces(&rewritten), spaces(after));
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&rewritten), lines(after));
}

#[test]
fn a_module_without_an_entry_for_hashicorp_aws_gets_one_for_this_provider() {
    let entry = "elasticache = {\n      source  = \"elasticache-rs/elasticache\"\n      version = \"~> 0.1\"\n    }\n";
    let random = "terraform {\n  required_providers {\n    random = {\n      source = \"hashicorp/random\"\n    }\n  }\n}\n";
    assert_eq!(
        required("versions.tf", random, true),
        random.replace("    }\n  }\n", &format!("    }}\n\n    {entry}  }}\n"))
    );
    let block = format!("  required_providers {{\n    {entry}  }}\n");
    for (before, after) in [
        ("terraform {\n}\n", format!("terraform {{\n{block}}}\n")),
        ("terraform {}\n", format!("terraform {{\n{block}}}\n")),
        (
            "terraform { required_version = \">= 1.8\" }\n",
            format!("terraform {{\n  required_version = \">= 1.8\"\n{block}}}\n"),
        ),
        (
            "terraform {\n  required_version = \">= 1.8\" # at least\n}\n",
            format!("terraform {{\n  required_version = \">= 1.8\" # at least\n\n{block}}}\n"),
        ),
        ("terraform {\n  required_providers {}\n}\n", format!("terraform {{\n{block}}}\n")),
    ] {
        assert_eq!(required("settings.tf", before, true), after);
    }
}

/// Terraform accepts one block `required_providers` in all files of a module.
#[test]
fn the_entry_is_added_to_the_block_of_any_file() {
    let backend = "terraform {\n  backend \"s3\" {}\n}\n";
    let random = "terraform {\n  required_providers {\n    random = {\n      source = \"hashicorp/random\"\n    }\n  }\n}\n";
    let migrated = Migrated::of(&[("backend.tf", backend), ("main.tf", SUBNETS), ("versions.tf", random)]);
    assert!(migrated.file("versions.tf").contains("elasticache-rs/elasticache"));
    assert!(!migrated.file("backend.tf").contains("required_providers"));
}

#[test]
fn a_module_without_settings_gets_some() {
    let settings = "terraform {\n  required_providers {\n    elasticache = {\n      source  = \
                    \"elasticache-rs/elasticache\"\n      version = \"~> 0.1\"\n    }\n  }\n}\n";
    assert_eq!(Migrated::of(&[("main.tf", SUBNETS)]).file("versions.tf"), settings);
    let comment = "# Nothing yet.";
    assert_eq!(required("versions.tf", comment, true), format!("{comment}\n\n{settings}"));
    assert_eq!(required("versions.tf", "", true), settings);
    assert_eq!(required("providers.tf", "locals {}\n", true), format!("locals {{}}\n\n{settings}"));
}

#[test]
fn an_entry_that_exists_stays() {
    let before = "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n    }\n    elasticache = {\n      \
                  source  = \"registry.terraform.io/elasticache-rs/elasticache\"\n      version = \"0.1.0\"\n    }\n  }\n}\n";
    assert_eq!(required("versions.tf", before, false), before);
}

#[test]
fn an_entry_that_exists_without_an_alias_needs_an_action() {
    let versions = "terraform {\n  required_providers {\n    aws = {\n      source                = \"hashicorp/aws\"\n      \
                    configuration_aliases = [aws.one]\n    }\n    elasticache = {\n      source = \
                    \"elasticache-rs/elasticache\"\n    }\n  }\n}\n";
    let main = SUBNETS.replace("  name ", "  provider   = aws.one\n  name ");
    assert_eq!(
        Migrated::of(&[("main.tf", &main), ("versions.tf", versions)]).findings(),
        ["versions.tf:7: action: Add `elasticache.one` to `configuration_aliases` of this provider."]
    );
}
