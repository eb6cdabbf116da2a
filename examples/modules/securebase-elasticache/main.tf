# A Redis for query results: encrypted at rest and in transit, with a token, alarms,
# logs, and one secret that tells Lambda functions where it is and how to log in.

locals {
  name = "securebase-${var.environment}"
  id   = "${local.name}-redis"
  logs = toset(["slow-log", "engine-log"])
  tags = merge({ Environment = var.environment }, var.tags)

  # The parameter group families of AWS: redis5.0, redis6.x, redis7, valkey7, valkey8, valkey9.
  major  = "${var.engine}${split(".", var.engine_version)[0]}"
  family = lookup({ redis5 = "redis5.0", redis6 = "redis6.x" }, local.major, local.major)

  alarm_actions = length(var.alarm_actions) > 0 ? var.alarm_actions : null
}

resource "elasticache_subnet_group" "this" {
  name        = local.id
  description = "Subnets of ${local.id}"
  subnet_ids  = var.subnet_ids
  tags        = local.tags

  lifecycle {
    postcondition {
      condition     = self.vpc_id == var.vpc_id
      error_message = "The subnet_ids are in ${self.vpc_id} and not in the vpc_id, ${var.vpc_id}."
    }
  }
}

resource "elasticache_security_group" "this" {
  # A cache that uses the group keeps AWS from deleting it: a new one is created first.
  name_prefix                = "${local.id}-"
  description                = "Redis ${local.id}"
  vpc_id                     = var.vpc_id
  allowed_security_group_ids = length(var.allowed_security_group_ids) > 0 ? var.allowed_security_group_ids : null
  tags                       = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_parameter_group" "this" {
  # A version of another family requires another group while the old one is still in use.
  name_prefix = "${local.id}-"
  family      = local.family
  description = "Settings of ${local.id}"
  tags        = local.tags

  parameter {
    name  = "maxmemory-policy"
    value = var.maxmemory_policy
  }

  # In microseconds: commands that take longer than 10 ms are in the slow log.
  parameter {
    name  = "slowlog-log-slower-than"
    value = "10000"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_log_group" "this" {
  for_each = local.logs

  name              = "/aws/elasticache/${local.name}/redis/${each.value}"
  retention_in_days = var.log_retention_in_days
  tags              = local.tags
}

# The token and nothing else. It exists before the cache that uses it; only Secrets Manager
# holds one that is generated.
resource "elasticache_auth_token_secret" "this" {
  count = var.auth_token_enabled && var.store_auth_token ? 1 : 0

  name                    = "${local.id}/auth-token"
  description             = "AUTH token of ${local.id}"
  auth_token              = var.auth_token
  generate                = var.auth_token == null ? { length = 32, special = false } : null
  restore_deleted         = var.restore_deleted
  recovery_window_in_days = var.recovery_window_in_days
  tags                    = local.tags
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = local.id
  description                = "Query cache of SecureBase in ${var.environment}"
  engine                     = var.engine
  engine_version             = var.engine_version
  node_type                  = var.node_type
  num_cache_clusters         = var.num_cache_nodes
  multi_az_enabled           = var.multi_az_enabled
  automatic_failover_enabled = var.multi_az_enabled
  parameter_group_name       = elasticache_parameter_group.this.name
  subnet_group_name          = elasticache_subnet_group.this.name
  security_group_ids         = [elasticache_security_group.this.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  apply_immediately          = var.apply_immediately
  auto_minor_version_upgrade = var.auto_minor_version_upgrade
  allow_engine_replacement   = var.allow_engine_replacement
  deletion_protection        = var.deletion_protection
  maintenance_window         = var.maintenance_window
  notification_topic_arn     = var.notification_topic_arn
  snapshot_name              = var.snapshot_name
  snapshot_retention_limit   = var.snapshot_retention_limit
  snapshot_window            = var.snapshot_window
  final_snapshot_identifier  = var.final_snapshot_identifier
  tags                       = local.tags

  auth_token                   = var.auth_token_enabled && !var.store_auth_token ? var.auth_token : null
  auth_token_secret_arn        = one(elasticache_auth_token_secret.this[*].arn)
  auth_token_secret_version_id = one(elasticache_auth_token_secret.this[*].version_id)
  auth_token_update_strategy   = var.auth_token_enabled ? var.auth_token_update_strategy : null

  dynamic "log_delivery_configuration" {
    for_each = local.logs

    content {
      log_type         = log_delivery_configuration.value
      destination      = elasticache_log_group.this[log_delivery_configuration.value].name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
    }
  }

  lifecycle {
    precondition {
      condition     = !var.multi_az_enabled || var.num_cache_nodes >= 2
      error_message = "With multi_az_enabled, num_cache_nodes must be at least 2: a primary, and a replica that takes over."
    }

    precondition {
      condition     = !var.auth_token_enabled || var.store_auth_token || var.auth_token != null
      error_message = "Without store_auth_token, auth_token must be given: only Secrets Manager holds a token that is generated."
    }
  }
}

# Host, port and token, as the Lambda code reads them.
resource "elasticache_connection_secret" "this" {
  count = var.store_auth_token ? 1 : 0

  name                    = "${local.id}/connection"
  description             = "Where ${local.id} is, and how to log in"
  replication_group       = elasticache_replication_group.this
  restore_deleted         = var.restore_deleted
  recovery_window_in_days = var.recovery_window_in_days
  tags                    = local.tags
}

# CPU > 75 %, memory > 85 %, evictions > 1000, hit rate < 70 %, lag > 5 s, on every node.
resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.this
  preset            = "cache"
  alarm_actions     = local.alarm_actions
  tags              = local.tags
}
