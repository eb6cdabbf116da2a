//! `moved` blocks.

use super::{Migrated, REQUIRED, SUBNETS};

const HEADER: &str = "\
# Terraform 1.8 and later, and OpenTofu 1.10 and later, move the state of these resources from hashicorp/aws without
# a change in AWS. Remove this file when every state that has them was applied.
";

const MOVED: &str = "
moved {
  from = aws_elasticache_subnet_group.this
  to   = elasticache_subnet_group.this
}
";

#[test]
fn each_resource_has_a_block_in_one_file_of_its_module() {
    let user = "\nresource \"aws_elasticache_user\" \"app\" {\n  user_id = \"app\"\n}\n\ndata \"aws_elasticache_user\" \"other\" {\n  \
                user_id = \"other\"\n}\n";
    let both = format!("{SUBNETS}{user}");
    let migrated = Migrated::of(&[("main.tf", &both), REQUIRED, ("inner/main.tf", SUBNETS)]);
    let second = "\nmoved {\n  from = aws_elasticache_user.app\n  to   = elasticache_user.app\n}\n";
    assert_eq!(migrated.file("elasticache_moved.tf"), format!("{HEADER}{MOVED}{second}"));
    assert_eq!(migrated.file("inner/elasticache_moved.tf"), format!("{HEADER}{MOVED}"));
}

#[test]
fn a_later_migration_adds_to_the_file() {
    let first = Migrated::of(&[("main.tf", SUBNETS), REQUIRED]);
    let user = "resource \"aws_elasticache_user\" \"app\" {\n  user_id = \"app\"\n}\n";
    std::fs::write(first.folder.path().join("user.tf"), user).unwrap();
    let second = Migrated::from(first.folder);
    assert_eq!(second.changed(), ["elasticache_moved.tf", "user.tf"]);
    let added = "\nmoved {\n  from = aws_elasticache_user.app\n  to   = elasticache_user.app\n}\n";
    assert_eq!(second.file("elasticache_moved.tf"), format!("{HEADER}{MOVED}{added}"));
}

#[test]
fn moves_and_removals_of_the_old_addresses_stay() {
    let old = r#"moved {
  from = aws_elasticache_subnet_group.old
  to   = aws_elasticache_subnet_group.this
}

removed {
  from = aws_elasticache_subnet_group.gone

  lifecycle {
    destroy = false
  }
}
"#;
    let migrated = Migrated::of(&[("main.tf", SUBNETS), ("moved.tf", old), REQUIRED]);
    assert_eq!(migrated.file("moved.tf"), old);
    assert_eq!(migrated.file("elasticache_moved.tf"), format!("{HEADER}{MOVED}"));
}

#[test]
fn a_move_that_exists_is_not_repeated() {
    let migrated = Migrated::of(&[("main.tf", SUBNETS), ("state.tf", MOVED), REQUIRED]);
    assert_eq!(migrated.changed(), ["main.tf"]);
}

#[test]
fn a_version_constraint_without_a_host_that_moves_needs_an_action() {
    let findings = |constraint: &str| {
        let settings = format!("terraform {{\n  required_version = \"{constraint}\"\n}}\n");
        Migrated::of(&[("main.tf", SUBNETS), ("terraform.tf", &settings), REQUIRED]).findings_of("action")
    };
    for constraint in
        ["~> 1.7.0", "1.7.5", "= 1.5.7", "< 1.8", "< 1.8.0", "<= 1.7.5", ">= 1.3, < 1.6", "~> 0.15"]
    {
        assert_eq!(
            findings(constraint),
            [format!(
                "terraform.tf:2: action: `{constraint}` excludes the versions that move an object from one provider to another: \
                 Terraform 1.8 and later, OpenTofu 1.10 and later. Raise it."
            )]
        );
    }
    for constraint in
        ["~> 1.3", "~> 1.8.0", "1.11.4", ">= 1.3", "< 2.0", "< 1.8.1", "<= 1.8", "!= 1.7.0", "~> 1.0, >= 1.2"]
    {
        assert_eq!(findings(constraint), [""; 0], "{constraint}");
    }
}
