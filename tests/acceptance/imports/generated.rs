//! `plan -generate-config-out`: the file that Terraform writes is valid, plans nothing, and is applied
//! unedited, for every type. Terraform 1.11 makes it from schema and state alone.

use std::collections::BTreeSet;

use terraform_provider_elasticache::resources::RESOURCES;

use super::blocks;
use crate::steer::instant;
use crate::support::terraform::Workspace;
use crate::world::World;

/// One object at least of every type, in every shape that an import tells apart.
const STACK: &str = r#"
resource "elasticache_log_group" "this" {
  name_prefix       = "/aws/elasticache/cache/"
  retention_in_days = 14
}

resource "elasticache_security_group" "this" {
  name_prefix         = "cache-"
  allowed_cidr_blocks = ["10.0.0.0/16"]
  allow_self          = true
  rule_descriptions   = { "10.0.0.0/16" = "office" }
}

resource "elasticache_subnet_group" "this" {
  name       = "Cache"
  subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
}

resource "elasticache_parameter_group" "this" {
  name_prefix = "cache-"
  family      = "redis7"

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
}

resource "elasticache_user" "default" {
  user_id              = "open"
  user_name            = "default"
  engine               = "redis"
  access_string        = "off -@all"
  no_password_required = true
}

resource "elasticache_user" "iam" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~app:* +@read"

  authentication_mode {
    type = "iam"
  }
}

resource "elasticache_user_group" "this" {
  user_group_id = "people"
  engine        = "redis"
  user_ids      = [elasticache_user.default.user_id]
}

resource "elasticache_user_group" "open" {
  user_group_id         = "open"
  engine                = "redis"
  disabled_default_user = true
}

resource "elasticache_user_group_association" "this" {
  user_group_id = elasticache_user_group.open.user_group_id
  user_id       = elasticache_user.iam.user_id
}

resource "elasticache_replication_group" "one" {
  replication_group_id = "one"
  description          = "one node"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 1
}

resource "elasticache_replication_group" "two" {
  replication_group_id       = "two"
  description                = "two nodes and everything around them"
  node_type                  = "cache.t4g.small"
  engine                     = "redis"
  engine_version             = "7.1"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  transit_encryption_enabled = true
  at_rest_encryption_enabled = true
  parameter_group_name       = elasticache_parameter_group.this.name
  subnet_group_name          = elasticache_subnet_group.this.name
  security_group_ids         = [elasticache_security_group.this.id]
  user_group_ids             = [elasticache_user_group.this.user_group_id]
  snapshot_retention_limit   = 1
  snapshot_window            = "03:00-04:00"
  maintenance_window         = "sun:05:00-sun:06:00"

  log_delivery_configuration {
    destination      = elasticache_log_group.this.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }

  tags = { team = "cache" }
}

resource "elasticache_replication_group" "shards" {
  replication_group_id       = "shards"
  description                = "two shards"
  node_type                  = "cache.t4g.small"
  parameter_group_name       = "default.redis7.cluster.on"
  automatic_failover_enabled = true
  num_node_groups            = 2
  replicas_per_node_group    = 1
}

resource "elasticache_replication_group" "token" {
  replication_group_id       = "token"
  description                = "with a token"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 1
  transit_encryption_enabled = true
  auth_token                 = "0123456789abcdef"
}

resource "elasticache_snapshot" "this" {
  name                 = "before"
  replication_group_id = elasticache_replication_group.one.id
}

resource "elasticache_ssm_url" "this" {
  name              = "/app/url"
  replication_group = elasticache_replication_group.one
  database          = 2
  parameters        = { timeout = "5" }
}

resource "elasticache_ssm_url" "token" {
  name              = "/app/url-with-token"
  replication_group = elasticache_replication_group.token
}

resource "elasticache_connection_secret" "this" {
  name              = "app/connection"
  replication_group = elasticache_replication_group.one
  additional        = { service = "booking" }
}

resource "elasticache_connection_secret" "token" {
  name              = "app/connection-with-token"
  replication_group = elasticache_replication_group.token
}

resource "elasticache_auth_token_secret" "this" {
  name     = "app/token"
  generate = { length = 48 }
}

resource "elasticache_metric_alarm" "this" {
  alarm_name          = "one-cpu"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 75
  period              = 300
  evaluation_periods  = 2
  dimensions          = { CacheClusterId = "one-001" }
}

resource "elasticache_metric_alarm" "query" {
  alarm_name          = "one-math"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.75
  evaluation_periods  = 2

  metric_query {
    id          = "e1"
    expression  = "m1 * 100"
    return_data = true
  }

  metric_query {
    id = "m1"

    metric {
      metric_name = "CPUUtilization"
      namespace   = "AWS/ElastiCache"
      period      = 60
      stat        = "p99"
      dimensions  = { CacheClusterId = "one-001" }
    }
  }
}

resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.two
  composite_alarm   = { description = "Any trouble" }
  ok_actions        = ["arn:aws:sns:eu-west-1:123456789012:on-call"]

  metrics = {
    Evictions      = { enabled = false }
    CPUUtilization = { threshold = 60 }
    hot            = { metric_name = "EngineCPUUtilization", threshold = 95, alarm_actions = ["arn:aws:sns:eu-west-1:123456789012:pager"] }
  }
}

resource "elasticache_alarm_set" "preset" {
  replication_group = elasticache_replication_group.one
  preset            = "broker"
}
"#;

/// Lets Terraform write configuration for every object of the world's state; gives the workspace with
/// the generated file, in which nothing is applied yet.
fn generated(world: &World) -> Workspace {
    let mut imports = Vec::new();
    for resource in world.terraform.resources() {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let (ty, name) = (text(&resource["type"]), text(&resource["name"]));
        // Alarms under names of their own belong to a set only where the template says so.
        let template = if ty == "elasticache_alarm_set" && name == "this" { "/{member}-{alarm}" } else { "" };
        imports.push((format!("{ty}.{name}"), text(&resource["values"]["id"]) + template));
    }
    let terraform = world.workspace(&blocks(imports.iter().map(|(to, id)| (to.as_str(), id.as_str()))));
    terraform.run(&["plan", "-no-color", "-generate-config-out=generated.tf"]).succeeds();
    terraform
}

/// Faults-met F1 to F6, F13 and F14.
#[test]
fn generated_configuration_of_every_type_plans_nothing_and_applies_unedited() {
    let world = instant(STACK);
    world.terraform.apply();
    let types: BTreeSet<String> =
        world.terraform.resources().iter().map(|it| it["type"].as_str().unwrap().to_owned()).collect();
    assert!(RESOURCES.iter().map(|resource| resource.type_name()).eq(types.iter().map(String::as_str)));

    let terraform = generated(&world);
    assert_eq!(terraform.validate(), []);
    let plan = terraform.plan();
    assert_eq!(plan.actions(), std::collections::BTreeMap::new(), "{:#}", plan.json["resource_changes"]);
    // A password that AWS or the secret holds is asked for, and stays until it is given.
    let told: BTreeSet<&str> = plan.diagnostics.iter().map(|it| it.summary.as_str()).collect();
    assert_eq!(
        told,
        BTreeSet::from([
            "The SSM parameter has a password that the configuration does not give",
            "The secret has a password that the configuration does not give",
        ])
    );
    world.aws.record().clear();
    terraform.apply();
    let changes: Vec<String> = world
        .aws
        .record()
        .all()
        .into_iter()
        .filter(|call| !["Describe", "List", "Get"].iter().any(|read| call.action.starts_with(read)))
        .map(|call| format!("{}:{}", call.service, call.action))
        .collect();
    assert_eq!(changes, [""; 0]);
    assert_eq!(terraform.plan().actions(), std::collections::BTreeMap::new());
    terraform.refresh_only().assert_no_drift();
}

/// Secrets are the exception: the message says what to add.
#[test]
fn generated_configuration_of_a_user_with_passwords_says_what_to_add() {
    let user = r#"
resource "elasticache_user" "this" {
  user_id       = "app"
  user_name     = "app"
  engine        = "valkey"
  access_string = "on ~app:* +@read"
  PASSWORDS
}
"#;
    let configuration = user.replace("PASSWORDS", r#"passwords = ["0123456789abcdef"]"#);
    let world = instant(&configuration);
    world.terraform.apply();
    let terraform = world.workspace(&blocks([("elasticache_user.this", "app")]));
    let run = terraform.run(&["plan", "-no-color", "-generate-config-out=generated.tf"]).fails();
    let said = run.stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(said.contains("leave the block out and give passwords_wo"), "{run}");

    // Each way to add them is one update, and the plan says why.
    for passwords in [
        r#"passwords = ["0123456789abcdef"]"#,
        r#"authentication_mode {
          type      = "password"
          passwords = ["0123456789abcdef"]
        }"#,
        "passwords_wo = [\"0123456789abcdef\"]\npasswords_wo_version = 1",
    ] {
        let configuration = user.replace("PASSWORDS", passwords);
        let terraform = super::importing(&world, &configuration, [("elasticache_user.this", "app")]);
        let plan = terraform.plan();
        assert_eq!(plan.actions_on("elasticache_user.this"), ["update"]);
        assert_eq!(plan.diagnostics[0].summary, "The passwords of the user will be sent");
        terraform.apply();
        terraform.assert_unchanged();
    }
}
