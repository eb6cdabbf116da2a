//! Blocks of objects.

use super::{Migrated, REQUIRED, SUBNETS, SUBNETS_HERE, rewritten};

#[test]
fn types_of_resources_and_data_sources_change_and_nothing_else() {
    let before = r#"# A cache.
resource "aws_elasticache_subnet_group" "this" {
  name       = "cache" # aws_elasticache_subnet_group
  subnet_ids = var.subnet_ids // as given
  /* no tags */
}

data   "aws_elasticache_replication_group"   other   {
    replication_group_id="aws_elasticache_replication_group.other"
}

data "aws_elasticache_user" "app" {
  user_id = "app"
}

resource "aws_instance" "this" {
  ami = "ami-1"
}
"#;
    let after = before
        .replace("resource \"aws_elasticache", "resource \"elasticache")
        .replace("data   \"aws_elasticache", "data   \"elasticache")
        .replace("data \"aws_elasticache", "data \"elasticache");
    assert_eq!(rewritten(before), after);
}

#[test]
fn every_type_of_a_cache_is_rewritten() {
    let types = [
        (
            "aws_elasticache_parameter_group",
            "elasticache_parameter_group",
            "name = \"a\"\n  family = \"redis7\"",
        ),
        (
            "aws_elasticache_replication_group",
            "elasticache_replication_group",
            "replication_group_id = \"a\"",
        ),
        ("aws_elasticache_subnet_group", "elasticache_subnet_group", "name = \"a\""),
        ("aws_elasticache_user", "elasticache_user", "user_id = \"a\""),
        ("aws_elasticache_user_group", "elasticache_user_group", "user_group_id = \"a\""),
        ("aws_elasticache_user_group_association", "elasticache_user_group_association", "user_id = \"a\""),
    ];
    for (theirs, ours, argument) in types {
        let block = |ty: &str| format!("resource {ty:?} \"this\" {{\n  {argument}\n}}\n");
        assert_eq!(rewritten(&block(theirs)), block(ours));
    }
}

#[test]
fn an_object_that_an_override_file_completes_is_rewritten_in_both() {
    let over = "resource \"aws_elasticache_subnet_group\" \"this\" {\n  description = \"other\"\n}\n";
    let migrated = Migrated::of(&[("main.tf", SUBNETS), ("main_override.tf", over), REQUIRED]);
    assert_eq!(migrated.file("main.tf"), SUBNETS_HERE);
    assert_eq!(migrated.file("main_override.tf"), over.replace("aws_", ""));
    assert_eq!(migrated.migration.objects, 1);
}

#[test]
fn a_data_source_of_a_check_is_rewritten() {
    let before = r#"check "exists" {
  data "aws_elasticache_user" "app" {
    user_id = "app"
  }

  assert {
    condition     = data.aws_elasticache_user.app.engine == "redis"
    error_message = "The engine is ${data.aws_elasticache_user.app.engine}."
  }
}
"#;
    assert_eq!(rewritten(before), before.replace("aws_elasticache", "elasticache"));
}

#[test]
fn the_provider_argument_names_the_same_configuration() {
    let before = r#"resource "aws_elasticache_subnet_group" "this" {
  provider   = aws.replica
  name       = "cache"
  subnet_ids = []
}

resource "aws_elasticache_subnet_group" "quoted" {
  provider   = "aws.replica"
  name       = "cache"
  subnet_ids = []
}

resource "aws_elasticache_subnet_group" "each" {
  for_each   = local.regions
  provider   = aws.regional[each.key]
  name       = "cache"
  subnet_ids = []
}

resource "aws_elasticache_subnet_group" "default" {
  provider   = aws
  name       = "cache"
  subnet_ids = []
}
"#;
    let after = before.replace("aws_elasticache", "elasticache").replace("aws", "elasticache");
    assert_eq!(rewritten(before), after);
}

#[test]
fn a_group_without_a_choice_of_failover_is_reported() {
    let group = |lines: &str| {
        format!(
            "resource \"aws_elasticache_replication_group\" \"this\" {{\n  replication_group_id = \"a\"\n{lines}}}\n"
        )
    };
    let notes = |lines: &str| Migrated::of(&[("main.tf", &group(lines)), REQUIRED]).findings_of("note");
    assert_eq!(
        notes(""),
        [
            "main.tf:1: note: `automatic_failover_enabled` and `multi_az_enabled` are without a default here: an existing cache \
          keeps what it has, and a new one gets what AWS chooses; with hashicorp/aws it is false. Set it to decide."
        ]
    );
    assert_eq!(
        notes("  automatic_failover_enabled = true\n"),
        [
            "main.tf:1: note: `multi_az_enabled` is without a default here: an existing cache keeps what it has, and a new one \
          gets what AWS chooses; with hashicorp/aws it is false. Set it to decide."
        ]
    );
    assert_eq!(notes("  automatic_failover_enabled = true\n  multi_az_enabled = var.multi_az\n"), [""; 0]);
}
