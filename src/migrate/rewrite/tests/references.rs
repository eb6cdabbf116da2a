//! References in expressions.

use std::collections::BTreeMap;

use super::{Migrated, REQUIRED, folder, rewritten};
use crate::migrate::rewrite::catalog::{Catalog, Member, Members, Shape, Twin};

/// A replication group, an alarm for each node, and a user, as hashicorp/aws has them.
const OBJECTS: &str = r#"resource "aws_elasticache_replication_group" "this" {
  count                      = 1
  replication_group_id       = "cache"
  automatic_failover_enabled = true
  multi_az_enabled           = true
}

resource "aws_elasticache_user" "this" {
  for_each = {}
  user_id  = each.key
}

data "aws_elasticache_replication_group" "other" {
  replication_group_id = "other"
}
"#;

/// The configuration after its migration, without the objects.
#[track_caller]
fn expressions(text: &str) -> String {
    let after = rewritten(&format!("{OBJECTS}{text}"));
    let objects = OBJECTS.replace("aws_", "");
    after.strip_prefix(&objects).unwrap_or_else(|| panic!("{after}")).to_owned()
}

#[test]
fn references_of_every_form_are_rewritten() {
    let before = r#"
locals {
  attribute   = aws_elasticache_replication_group.this[0].id
  splat       = aws_elasticache_replication_group.this[*].arn
  old_splat   = aws_elasticache_replication_group.this.*.arn
  old_index   = aws_elasticache_replication_group.this.0.arn
  key         = aws_elasticache_user.this["a"].user_id
  dynamic     = aws_elasticache_user.this[local.key].user_id
  whole       = aws_elasticache_user.this
  data        = data.aws_elasticache_replication_group.other.port
  nested      = values(aws_elasticache_user.this)[0].arn
  call        = try(aws_elasticache_replication_group.this[0].arn, null)
  conditional = length(aws_elasticache_user.this) > 0 ? aws_elasticache_user.this["a"].arn : ""
  negated     = !aws_elasticache_replication_group.this[0].cluster_enabled
  list        = [aws_elasticache_replication_group.this[0].arn, aws_elasticache_user.this["a"].arn]
  object      = { (aws_elasticache_replication_group.this[0].id) = aws_elasticache_replication_group.this[0].arn }
  for_list    = [for user in aws_elasticache_user.this : user.arn if aws_elasticache_replication_group.this[0].port > 0]
  for_object  = { for key, user in aws_elasticache_user.this : key => user.arn... }
  template    = "redis://${aws_elasticache_replication_group.this[0].primary_endpoint_address}:6379"
  directive   = "%{if aws_elasticache_replication_group.this[0].cluster_enabled}yes%{else}no%{endif}"
  loop        = "%{for user in aws_elasticache_user.this}${user.arn}%{endfor}"
  heredoc     = <<-EOT
    # aws_elasticache_replication_group.this is text here
    ${aws_elasticache_replication_group.this[0].arn}
    %{for arn in aws_elasticache_replication_group.this[*].arn~}
    ${arn}
    %{endfor~}
  EOT
  several = join(",", concat(
    aws_elasticache_replication_group.this[*].arn, # the cache
    aws_elasticache_replication_group
      .this[*]
      .id,
  ))
}

resource "null_resource" "this" {
  for_each = aws_elasticache_user.this

  depends_on = [aws_elasticache_replication_group.this, "aws_elasticache_user.this", data.aws_elasticache_replication_group.other]

  lifecycle {
    replace_triggered_by = [aws_elasticache_replication_group.this[0].id]

    precondition {
      condition     = aws_elasticache_replication_group.this[0].port == 6379
      error_message = "The port is ${aws_elasticache_replication_group.this[0].port}."
    }
  }

  dynamic "connection" {
    for_each = aws_elasticache_replication_group.this
    content {
      host = connection.value.primary_endpoint_address
    }
  }
}

output "arn" {
  value = one(aws_elasticache_replication_group.this[*].arn)
}
"#;
    let comment = "# aws_elasticache_replication_group.this is text here";
    let after = before
        .replace(comment, "COMMENT")
        .replace("aws_elasticache", "elasticache")
        .replace("COMMENT", comment);
    assert_eq!(expressions(before), after);
}

#[test]
fn what_only_looks_like_a_reference_stays() {
    let text = r#"
locals {
  text    = "aws_elasticache_replication_group.this"
  escaped = "$${aws_elasticache_replication_group.this}"
  key     = { aws_elasticache_replication_group = "this" }
  other   = aws_elasticache_replication_group.missing.id
  module  = module.aws_elasticache_replication_group.this
  member  = var.aws_elasticache_replication_group.this
}
"#;
    assert_eq!(expressions(text), text);
}

#[test]
fn for_each_over_the_nodes_gets_a_set() {
    let before = r#"
resource "null_resource" "node" {
  for_each = aws_elasticache_replication_group.this[0].member_clusters
}

resource "null_resource" "set" {
  for_each = toset(aws_elasticache_replication_group.this[0].member_clusters)
}

resource "null_resource" "map" {
  for_each = { for node in aws_elasticache_replication_group.this[0].member_clusters : node => node }
}

resource "null_resource" "chosen" {
  for_each = var.nodes ? aws_elasticache_replication_group.this[0].member_clusters : []
}

resource "null_resource" "tried" {
  for_each = try((aws_elasticache_replication_group.this[0].member_clusters), [])
}
"#;
    let after = before
        .replace(
            "= var.nodes ? aws_elasticache_replication_group.this[0].member_clusters : []",
            "= toset(var.nodes ? elasticache_replication_group.this[0].member_clusters : [])",
        )
        .replace(
            "= try((aws_elasticache_replication_group.this[0].member_clusters), [])",
            "= toset(try((elasticache_replication_group.this[0].member_clusters), []))",
        )
        .replace(
            "= aws_elasticache_replication_group.this[0].member_clusters",
            "= toset(elasticache_replication_group.this[0].member_clusters)",
        )
        .replace("aws_", "");
    assert_eq!(expressions(before), after);
}

#[test]
fn a_boolean_is_compared_with_a_boolean() {
    let before = r#"
locals {
  one   = aws_elasticache_replication_group.this[0].at_rest_encryption_enabled == "true"
  two   = "false" != aws_elasticache_replication_group.this[0].auto_minor_version_upgrade
  three = aws_elasticache_replication_group.this[0].at_rest_encryption_enabled == true
  four  = aws_elasticache_replication_group.this[0].engine == "true"
}
"#;
    let after = before
        .replace("aws_", "")
        .replace("enabled == \"true\"", "enabled == true")
        .replace("\"false\" !=", "false !=");
    assert_eq!(expressions(before), after);
    let text = format!("{OBJECTS}{before}");
    let notes = Migrated::of(&[("main.tf", &text), REQUIRED]).findings_of("note");
    assert_eq!(
        notes[0],
        "main.tf:18: note: `at_rest_encryption_enabled` is a boolean here and a text with hashicorp/aws, so it is compared \
         with `true` without quotes."
    );
    assert_eq!(notes.len(), 2, "{notes:#?}");
}

#[test]
fn an_attribute_that_differs_when_it_is_omitted_is_reported_where_it_is_read() {
    let text = format!(
        "{OBJECTS}\nlocals {{\n  a = aws_elasticache_replication_group.this[0].snapshot_name\n  b = \
         aws_elasticache_replication_group.this[0].replication_group_id\n}}\n"
    );
    let notes = |text: &str| Migrated::of(&[("main.tf", text), REQUIRED]).findings_of("note");
    assert_eq!(
        notes(&text),
        [
            "main.tf:18: note: `snapshot_name` is `\"\"` when the configuration omits it; with hashicorp/aws it is `null`. Check \
          what this expression does with it."
        ]
    );
    let given = text.replace("\"cache\"\n", "\"cache\"\n  snapshot_name = \"before\"\n");
    assert_eq!(notes(&given), [""; 0]);
}

#[test]
fn an_attribute_that_does_not_exist_here_needs_an_action() {
    let text = format!(
        "{OBJECTS}\noutput \"a\" {{\n  value = aws_elasticache_replication_group.this[0].durable\n}}\n"
    );
    assert_eq!(
        Migrated::of(&[("main.tf", &text), REQUIRED]).findings(),
        [
            "main.tf:18: action: `elasticache_replication_group` has no attribute `durable`. Find what takes its place on the \
          page of the type."
        ]
    );
}

#[test]
fn ignored_changes_that_do_not_exist_here_need_an_action() {
    let text = r#"resource "aws_elasticache_user" "this" {
  user_id = "app"

  lifecycle {
    ignore_changes = [passwords, tags["x"], number_of_logins]

    postcondition {
      condition     = self.engine == "redis" && self.logins == 0
      error_message = "Wrong."
    }
  }
}
"#;
    let migrated = Migrated::of(&[("main.tf", text), REQUIRED]);
    assert_eq!(migrated.file("main.tf"), text.replace("aws_", ""));
    assert_eq!(
        migrated.findings(),
        [
            "main.tf:5: action: `elasticache_user` has no argument `number_of_logins` to ignore. Remove it here.",
            "main.tf:8: action: `elasticache_user` has no attribute `logins`. Find what takes its place on the page of the type.",
        ]
    );
}

#[test]
fn imports_lead_to_the_new_address_also_in_a_called_module() {
    let root = r#"module "cache" {
  source = "./cache"
}

import {
  to = module.cache.aws_elasticache_subnet_group.this
  id = "cache"
}

import {
  provider = aws.replica
  to       = aws_elasticache_user.this["a"]
  id       = "a"
}

import {
  to = aws_instance.this
  id = "i-1"
}

resource "aws_elasticache_user" "this" {
  for_each = toset(["a"])
  provider = aws.replica
  user_id  = each.key
}
"#;
    let migrated = Migrated::of(&[("main.tf", root), REQUIRED, ("cache/main.tf", super::SUBNETS)]);
    let after = root.replace("aws_elasticache", "elasticache").replace("aws.replica", "elasticache.replica");
    assert_eq!(migrated.file("main.tf"), after);
}

/// A member that a configuration may set.
fn member(shape: Shape) -> Member {
    Member { is_argument: true, shape }
}

#[test]
fn nested_objects_are_read_in_the_shape_that_they_have_here() {
    let inner = || Members::from([("port".to_owned(), member(Shape::Value))]);
    let shapes =
        [("one", Shape::One(inner())), ("many", Shape::Many(inner())), ("keyed", Shape::Keyed(inner()))];
    let members = shapes.into_iter().map(|(name, shape)| (name.to_owned(), member(shape))).collect();
    let twin = Twin { type_name: "elasticache_user".to_owned(), members };
    let resources = BTreeMap::from([("aws_elasticache_user".to_owned(), vec![twin])]);
    let catalog =
        Catalog { source: "elasticache-rs/elasticache".to_owned(), resources, ..Catalog::default() };
    let before = r#"resource "aws_elasticache_user" "this" {
}

locals {
  one   = [aws_elasticache_user.this.one[0].port, aws_elasticache_user.this.one.port, aws_elasticache_user.this.one.0.port]
  many  = [aws_elasticache_user.this.many[0].port, aws_elasticache_user.this.many.port, aws_elasticache_user.this.many[*].port]
  keyed = [aws_elasticache_user.this.keyed["a"].port, aws_elasticache_user.this.keyed.a.port]
  none  = [aws_elasticache_user.this.one[0].host, aws_elasticache_user.this.many[0].host, aws_elasticache_user.this.keyed.a.host]
}
"#;
    let after = before
        .replace("aws_", "")
        .replace("one[0]", "one")
        .replace("one.0", "one")
        .replace("many.port", "many[0].port");
    let tree = folder(&[("main.tf", before), REQUIRED]);
    let migration = crate::migrate::rewrite::migrate(tree.path(), &catalog).unwrap();
    let main = migration.files.iter().find(|file| file.path.ends_with("main.tf")).unwrap();
    assert_eq!(main.new, after);
    let findings: Vec<String> = migration.findings.iter().map(ToString::to_string).collect();
    let missing = "main.tf:8: action: `elasticache_user` has no attribute `host`. Find what takes its place on the page of \
                   the type.";
    assert_eq!(findings, [missing]);
}
