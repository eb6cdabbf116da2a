//! Resources of hashicorp/aws that become ours by `moved` blocks.

use serde_json::{Value, json};

use crate::steer;
use crate::support::terraform::{BINARY, SOURCE};
use crate::world::World;

const AWS: &str = "registry.terraform.io/hashicorp/aws";

/// What there is, and what each was before.
const TYPES: &[(&str, &str)] = &[
    ("elasticache_log_group", "aws_cloudwatch_log_group"),
    ("elasticache_metric_alarm", "aws_cloudwatch_metric_alarm"),
    ("elasticache_parameter_group", "aws_elasticache_parameter_group"),
    ("elasticache_replication_group", "aws_elasticache_replication_group"),
    ("elasticache_security_group", "aws_security_group"),
    ("elasticache_ssm_url", "aws_ssm_parameter"),
    ("elasticache_subnet_group", "aws_elasticache_subnet_group"),
    ("elasticache_user", "aws_elasticache_user"),
    ("elasticache_user_group", "aws_elasticache_user_group"),
];

const STACK: &str = r#"
resource "elasticache_log_group" "this" {
  name              = "/aws/elasticache/cache/slow-log"
  retention_in_days = 14
  skip_destroy      = true
}

resource "elasticache_security_group" "this" {
  name                = "cache"
  allowed_cidr_blocks = ["10.0.0.0/16"]
}

resource "elasticache_subnet_group" "this" {
  name       = "cache"
  subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
}

resource "elasticache_parameter_group" "this" {
  name   = "cache"
  family = "valkey8"

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
}

resource "elasticache_user" "this" {
  user_id       = "app"
  user_name     = "default"
  engine        = "valkey"
  access_string = "on ~* +@all"
  passwords     = ["abcdefghijklmnop"]
}

resource "elasticache_user_group" "this" {
  user_group_id = "apps"
  engine        = "valkey"
  user_ids      = [elasticache_user.this.user_id]
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = "Cache"
  description                = "Cache of the booking service"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  transit_encryption_enabled = true
  apply_immediately          = true
  final_snapshot_identifier  = "cache-final"
  parameter_group_name       = elasticache_parameter_group.this.name
  subnet_group_name          = elasticache_subnet_group.this.name
  security_group_ids         = [elasticache_security_group.this.id]
  user_group_ids             = [elasticache_user_group.this.user_group_id]

  log_delivery_configuration {
    destination      = elasticache_log_group.this.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }

  tags = {
    Environment = "prod"
  }

  timeouts {
    update = "90m"
  }
}

resource "elasticache_ssm_url" "this" {
  name                       = "/booking/redis_url"
  host                       = "cache.example.com"
  port                       = 6379
  transit_encryption_enabled = true
}

resource "elasticache_metric_alarm" "this" {
  alarm_name          = "cache-cpu"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 75
  period              = 300
  evaluation_periods  = 2
  dimensions          = { CacheClusterId = "cache-001" }
}
"#;

/// The state as hashicorp/aws would have it: of ours, what that has too, and its own.
fn forge(world: &World) {
    let path = world.terraform.path().join("terraform.tfstate");
    let mut state: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for resource in state["resources"].as_array_mut().unwrap() {
        let ours = resource["type"].as_str().unwrap().to_owned();
        let theirs = TYPES.iter().find(|(ty, _)| *ty == ours).unwrap().1;
        resource["type"] = theirs.into();
        resource["provider"] = format!("provider[\"{AWS}\"]").into();
        let attributes = resource["instances"][0]["attributes"].as_object_mut().unwrap();
        for own in OWN {
            attributes.remove(*own);
        }
        let more = match theirs {
            "aws_elasticache_replication_group" => json!({
                "replication_group_id": "cache", "auth_token": "", "auth_token_update_strategy": null, "kms_key_id": "",
                "auto_minor_version_upgrade": "true", "cluster_enabled": false, "global_replication_group_id": "",
                "configuration_endpoint_address": "", "security_group_names": [], "snapshot_arns": null,
            }),
            "aws_elasticache_user" => {
                json!({ "passwords": ["abcdefghijklmnop"], "no_password_required": false })
            }
            "aws_elasticache_parameter_group" | "aws_cloudwatch_log_group" => json!({ "name_prefix": "" }),
            "aws_security_group" => json!({
                "ingress": [{ "from_port": 6379, "to_port": 6379, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/16"] }],
                "egress": [], "name_prefix": "", "revoke_rules_on_delete": false, "timeouts": null,
            }),
            "aws_ssm_parameter" => json!({
                "type": "SecureString", "value": "rediss://cache.example.com:6379", "tier": "Standard",
                "key_id": "alias/aws/ssm", "data_type": "text", "description": "", "insecure_value": null,
            }),
            _ => json!({}),
        };
        attributes.extend(more.as_object().unwrap().clone());
    }
    state["serial"] = (state["serial"].as_u64().unwrap() + 1).into();
    std::fs::write(path, state.to_string()).unwrap();
}

/// Arguments and attributes that hashicorp/aws does not have.
const OWN: &[&str] = &[
    "allow_engine_replacement",
    "allowed_cidr_blocks",
    "allowed_ipv6_cidr_blocks",
    "allowed_prefix_list_ids",
    "allowed_security_group_ids",
    "auth_token_secret_arn",
    "auth_token_secret_version_id",
    "auth_token_version",
    "auth_token_wo",
    "auth_token_wo_version",
    "deletion_protection",
    "exclusive",
    "foreign_rules",
    "nodes",
    "password_count",
    "ports",
    "rule_descriptions",
    "url",
];

fn moves() -> String {
    TYPES
        .iter()
        .map(|(ours, theirs)| format!("moved {{\n  from = {theirs}.this\n  to   = {ours}.this\n}}\n"))
        .collect()
}

/// A plan shows the moves and no change; later plans show nothing.
#[test]
fn a_stack_of_hashicorp_aws_becomes_ours_without_a_change() {
    let world = World::new(STACK);
    world.applied();
    forge(&world);

    // Terraform asks for the schema of whatever the state names, and here any will do.
    let plugin = world.terraform.path().join("plugin");
    std::os::unix::fs::symlink(BINARY, plugin.join("terraform-provider-aws")).unwrap();
    world.terraform.write(
        "terraform.rc",
        &format!(
            "provider_installation {{\n  dev_overrides {{\n    {SOURCE:?} = {plugin:?}\n    {AWS:?} = {plugin:?}\n  }}\n}}\n"
        ),
    );
    world.terraform.configure(&format!("{STACK}{}", moves()));
    let plan = world.terraform.plan();
    for (ours, theirs) in TYPES {
        let (address, before) = (format!("{ours}.this"), format!("{theirs}.this"));
        assert_eq!(plan.moved_from(&address), Some(before.as_str()));
    }
    // The old state held the password, the new one gets the configuration's.
    plan.assert_update("elasticache_user.this", &["password_count", "passwords"]);

    world.aws.record().clear();
    world.terraform.apply();
    assert_eq!(steer::writes(&world.aws), ["ModifyUser"]);
    assert_eq!(world.aws.calls("ssm", "PutParameter").len(), 0);
    world.terraform.configure(STACK);
    world.terraform.assert_unchanged();
}
