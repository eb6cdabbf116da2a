//! Configurations that together have every resource type, a change of each in place, and one that replaces.

use std::collections::BTreeSet;

use terraform_provider_elasticache::registry::REGISTRY;

use super::kill::Phase;

/// A configuration and its life.
#[derive(Debug)]
pub struct Stack {
    pub name: &'static str,
    parts: &'static [&'static Part],
}

/// Resources, and the texts in them that differ after the update, and after the replacement.
#[derive(Debug)]
struct Part {
    resources: &'static str,
    update: &'static [(&'static str, &'static str)],
    replace: &'static [(&'static str, &'static str)],
}

/// All of them.
pub const STACKS: &[Stack] = &[
    Stack { name: "group", parts: &[&GROUP] },
    Stack { name: "dependents", parts: &[&DEPENDENTS] },
    Stack { name: "access", parts: &[&ACCESS] },
    Stack { name: "datastore", parts: &[&DATASTORE] },
    Stack { name: "everything", parts: &[&GROUP, &DEPENDENTS, &ACCESS, &DATASTORE] },
];

impl Stack {
    /// The configuration that a phase applies.
    pub fn configuration(&self, phase: Phase) -> String {
        let of = |part: &&Part| match phase {
            Phase::Create | Phase::Read => part.resources.to_owned(),
            Phase::Update => changed(part.resources, part.update),
            Phase::Replace => changed(&changed(part.resources, part.update), part.replace),
            Phase::Delete => String::new(),
        };
        self.parts.iter().map(of).collect()
    }
}

fn changed(resources: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(resources.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?} is not in {text}");
        text.replace(from, to)
    })
}

/// A replication group, and everything that it refers to.
const GROUP: Part = Part {
    resources: r#"
resource "elasticache_security_group" "this" {
  name                = "stack"
  allowed_cidr_blocks = ["10.0.0.0/16"]
  tags                = { team = "cache" }
}

resource "elasticache_subnet_group" "this" {
  name        = "stack"
  description = "first"
  subnet_ids  = ["subnet-00000001"]
  tags        = { team = "cache" }
}

resource "elasticache_parameter_group" "this" {
  name   = "stack"
  family = "redis7"
  tags   = { team = "cache" }

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
}

resource "elasticache_log_group" "this" {
  name              = "/stack/slow"
  retention_in_days = 7
  tags              = { team = "cache" }
}

resource "elasticache_auth_token_secret" "this" {
  name                    = "stack/token"
  generate                = {}
  rotation                = "one"
  recovery_window_in_days = 0
  tags                    = { team = "cache" }
}

resource "elasticache_replication_group" "this" {
  replication_group_id         = "stack"
  description                  = "first"
  node_type                    = "cache.t4g.small"
  engine                       = "redis"
  engine_version               = "7.1"
  num_cache_clusters           = 1
  apply_immediately            = true
  subnet_group_name            = elasticache_subnet_group.this.name
  parameter_group_name         = elasticache_parameter_group.this.name
  security_group_ids           = [elasticache_security_group.this.id]
  transit_encryption_enabled   = true
  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
  tags                         = { team = "cache" }

  log_delivery_configuration {
    destination      = elasticache_log_group.this.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }
}
"#,
    update: &[
        (r#"team = "cache""#, r#"team = "store""#),
        (r#""first""#, r#""second""#),
        ("10.0.0.0/16", "10.1.0.0/16"),
        ("allkeys-lru", "volatile-lru"),
        ("retention_in_days = 7", "retention_in_days = 30"),
        (r#""one""#, r#""two""#),
        ("cache.t4g.small", "cache.t4g.medium"),
        ("num_cache_clusters           = 1", "num_cache_clusters           = 2"),
    ],
    replace: &[
        (r#"replication_group_id         = "stack""#, r#"replication_group_id         = "pile""#),
        ("/stack/slow", "/pile/slow"),
    ],
};

/// A replication group, and everything that refers to it.
const DEPENDENTS: Part = Part {
    resources: r#"
resource "elasticache_replication_group" "plain" {
  replication_group_id = "plain"
  description          = "of a test"
  node_type            = "cache.t4g.small"
  engine               = "redis"
  engine_version       = "7.1"
  num_cache_clusters   = 1
  apply_immediately    = true
  tags                 = { unit = "cache" }
}

resource "elasticache_ssm_url" "this" {
  name              = "/plain/url"
  replication_group = elasticache_replication_group.plain
  tags              = { unit = "cache" }
}

resource "elasticache_connection_secret" "this" {
  name                    = "plain/redis"
  replication_group       = elasticache_replication_group.plain
  recovery_window_in_days = 0
  tags                    = { unit = "cache" }
}

resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.plain
  tags              = { unit = "cache" }
}

resource "elasticache_dashboard" "this" {
  replication_group = elasticache_replication_group.plain
}

resource "elasticache_snapshot" "this" {
  name                 = "plain"
  replication_group_id = elasticache_replication_group.plain.id
  tags                 = { unit = "cache" }
}

resource "elasticache_service_update" "this" {
  replication_group_id = elasticache_replication_group.plain.id
  service_update_name  = "elc-20251201-001"
}
"#,
    update: &[
        (r#"unit = "cache""#, r#"unit = "store""#),
        ("num_cache_clusters   = 1", "num_cache_clusters   = 2"),
    ],
    replace: &[
        ("/plain/url", "/other/url"),
        ("plain/redis", "other/redis"),
        (r#"name                 = "plain""#, r#"name                 = "other""#),
    ],
};

/// Users, a serverless cache, and what belongs to them.
const ACCESS: Part = Part {
    resources: r#"
resource "elasticache_user" "this" {
  user_id       = "person"
  user_name     = "person"
  engine        = "redis"
  access_string = "on ~app:* +@read"
  passwords     = ["the-password-of-a-user"]
  tags          = { group = "cache" }
}

resource "elasticache_user_group" "this" {
  user_group_id         = "people"
  engine                = "redis"
  disabled_default_user = true
  tags                  = { group = "cache" }
}

resource "elasticache_user_group_association" "this" {
  user_group_id = elasticache_user_group.this.id
  user_id       = elasticache_user.this.id
}

resource "elasticache_serverless_cache" "this" {
  name   = "serverless"
  engine = "valkey"
  tags   = { group = "cache" }
}

resource "elasticache_serverless_cache_snapshot" "this" {
  name                  = "serverless"
  serverless_cache_name = elasticache_serverless_cache.this.name
  tags                  = { group = "cache" }
}
"#,
    update: &[
        (r#"group = "cache""#, r#"group = "store""#),
        ("+@read", "+@all"),
        (r#"engine = "valkey""#, "engine = \"valkey\"\n  description = \"second\""),
    ],
    replace: &[(r#""person""#, r#""human""#), (r#"name   = "serverless""#, r#"name   = "stateless""#)],
};

/// A global datastore with its primary, and alarms.
const DATASTORE: Part = Part {
    resources: r#"
resource "elasticache_replication_group" "primary" {
  replication_group_id = "primary"
  description          = "first of two"
  node_type            = "cache.r7g.large"
  engine               = "redis"
  engine_version       = "7.1"
  num_cache_clusters   = 1
  tags                 = { part = "cache" }
}

resource "elasticache_global_replication_group" "this" {
  global_replication_group_id_suffix   = "store"
  global_replication_group_description = "first of all"
  primary_replication_group_id         = elasticache_replication_group.primary.id
}

resource "elasticache_metric_alarm" "this" {
  alarm_name          = "stack-own"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 80
  namespace           = "AWS/EC2"
  metric_name         = "CPUUtilization"
  period              = 60
  statistic           = "Average"
  tags                = { part = "cache" }
}

resource "elasticache_composite_alarm" "this" {
  alarm_name = "stack-any"
  alarm_rule = "ALARM(${elasticache_metric_alarm.this.alarm_name})"
  tags       = { part = "cache" }
}
"#,
    update: &[
        (r#"part = "cache""#, r#"part = "store""#),
        ("first of two", "second of two"),
        ("first of all", "second of all"),
        ("threshold           = 80", "threshold           = 90"),
    ],
    replace: &[
        (r#"replication_group_id = "primary""#, r#"replication_group_id = "leading""#),
        (r#"id_suffix   = "store""#, r#"id_suffix   = "stock""#),
        ("stack-any", "stack-all"),
    ],
};

/// A new type joins with its resource here.
#[test]
fn the_stacks_have_every_resource_type() {
    let all: String = STACKS.iter().map(|stack| stack.configuration(Phase::Create)).collect();
    let types = all.split("resource \"").skip(1).filter_map(|text| text.split('"').next());
    let registered = REGISTRY.resources.iter().map(|it| it.type_name());
    assert_eq!(types.collect::<BTreeSet<_>>(), registered.collect());
}
