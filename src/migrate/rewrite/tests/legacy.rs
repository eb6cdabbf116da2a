//! Names and shapes from before version 5 of hashicorp/aws.

use super::{Migrated, REQUIRED, rewritten};

#[test]
fn arguments_get_their_names_of_today() {
    let before = r#"resource "aws_elasticache_replication_group" "this" {
  replication_group_id          = "a"
  replication_group_description = "a cache"
  number_cache_clusters         = 2
  availability_zones            = ["eu-west-1a", "eu-west-1b"]

  lifecycle {
    ignore_changes = [number_cache_clusters, "replication_group_description"]
  }
}

output "nodes" {
  value = aws_elasticache_replication_group.this.number_cache_clusters
}
"#;
    let after = before
        .replace("aws_", "")
        .replace("replication_group_description", "description")
        .replace("number_cache_clusters", "num_cache_clusters")
        .replace("availability_zones", "preferred_cache_cluster_azs");
    assert_eq!(rewritten(before), after);
}

#[test]
fn the_block_of_shards_becomes_arguments() {
    let before = r#"resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "a"

  # Shards.
  cluster_mode {
    # As many as it takes.
    num_node_groups         = var.shards # two
    replicas_per_node_group = 1
    // That is all.
  }

  lifecycle {
    ignore_changes = [cluster_mode]
  }
}

locals {
  shards = aws_elasticache_replication_group.this.cluster_mode[0].num_node_groups
  other  = aws_elasticache_replication_group.this.cluster_mode.0.replicas_per_node_group
}
"#;
    let after = r#"resource "elasticache_replication_group" "this" {
  replication_group_id = "a"

  # Shards.
  # As many as it takes.
  num_node_groups = var.shards # two
  replicas_per_node_group = 1
  // That is all.

  lifecycle {
    ignore_changes = [num_node_groups, replicas_per_node_group]
  }
}

locals {
  shards = elasticache_replication_group.this.num_node_groups
  other  = elasticache_replication_group.this.replicas_per_node_group
}
"#;
    assert_eq!(rewritten(before), after);
}

#[test]
fn the_block_of_shards_behind_a_condition_becomes_conditional_arguments() {
    let before = r#"resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "a"

  dynamic "cluster_mode" {
    for_each = var.cluster_mode_enabled ? [1] : []
    content {
      num_node_groups         = var.shards
      replicas_per_node_group = var.replicas == null ? 1 : var.replicas
    }
  }
}
"#;
    let after = r#"resource "elasticache_replication_group" "this" {
  replication_group_id = "a"

  num_node_groups = length(var.cluster_mode_enabled ? [1] : []) > 0 ? var.shards : null
  replicas_per_node_group = length(var.cluster_mode_enabled ? [1] : []) > 0 ? (var.replicas == null ? 1 : var.replicas) : null
}
"#;
    assert_eq!(rewritten(before), after);
    let one_line = before.replace("dynamic \"cluster_mode\" {\n    for_each = var.cluster_mode_enabled ? [1] : []\n    content {\n      num_node_groups         = var.shards\n      replicas_per_node_group = var.replicas == null ? 1 : var.replicas\n    }\n  }", "cluster_mode { num_node_groups = 2 }");
    assert!(rewritten(&one_line).contains("\n  num_node_groups = 2\n}"), "{}", rewritten(&one_line));
}

#[test]
fn a_block_of_shards_that_cannot_be_arguments_keeps_its_object() {
    let group = |block: &str| {
        format!(
            "resource \"aws_elasticache_replication_group\" \"this\" {{\n  replication_group_id = \"a\"\n{block}}}\n"
        )
    };
    let element = "  dynamic \"cluster_mode\" {\n    for_each = var.modes\n    content {\n      num_node_groups = \
                   cluster_mode.value.shards\n    }\n  }\n";
    let twice = "  num_node_groups = 1\n  cluster_mode {\n    num_node_groups = 2\n  }\n";
    for (block, line) in [(element, 3), (twice, 4)] {
        let migrated = Migrated::of(&[("main.tf", &group(block)), REQUIRED]);
        assert_eq!(migrated.changed(), [""; 0]);
        assert_eq!(
            migrated.findings(),
            [format!(
                "main.tf:{line}: action: `aws_elasticache_replication_group.this` stays with hashicorp/aws: \
                 `elasticache_replication_group` has no argument or block `cluster_mode`. Remove it to have the object rewritten."
            )]
        );
    }
}
