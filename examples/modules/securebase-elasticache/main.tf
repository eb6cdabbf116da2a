# A Redis for query results: encrypted at rest and on the way, with a token, alarms,
# logs, and one secret from which Lambda functions know where it is and how to log in.

locals {
  name = "securebase-${var.environment}"
  id   = "${local.name}-redis"
  logs = { slow-log = "slow-log", engine-log = "engine-log" }
  tags = merge({ Environment = var.environment }, var.tags)

  # A token that is made is in Secrets Manager and nowhere else; one that is given is where it is given.
  generated = var.auth_token_enabled && var.auth_token == null
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
  name                       = local.id
  description                = "Redis ${local.id}"
  vpc_id                     = var.vpc_id
  allowed_security_group_ids = length(var.allowed_security_group_ids) > 0 ? var.allowed_security_group_ids : null
  tags                       = local.tags
}

resource "elasticache_parameter_group" "this" {
  name        = local.id
  family      = "redis7"
  description = "Settings of ${local.id}"
  tags        = local.tags

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }

  # Microseconds: what takes longer than 10 ms is in the slow log.
  parameter {
    name  = "slowlog-log-slower-than"
    value = "10000"
  }
}

resource "elasticache_log_group" "this" {
  for_each = local.logs

  name              = "/aws/elasticache/${local.name}/redis/${each.value}"
  retention_in_days = var.log_retention_in_days
  tags              = local.tags
}

resource "elasticache_auth_token_secret" "this" {
  count = local.generated ? 1 : 0

  name        = "${local.id}/auth-token"
  description = "AUTH token of ${local.id}"
  generate    = { length = 32, special = false }
  tags        = local.tags
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = local.id
  description                = "Query cache of SecureBase in ${var.environment}"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = var.node_type
  num_cache_clusters         = var.num_cache_nodes
  multi_az_enabled           = var.multi_az_enabled
  automatic_failover_enabled = var.multi_az_enabled
  parameter_group_name       = elasticache_parameter_group.this.name
  subnet_group_name          = elasticache_subnet_group.this.name
  security_group_ids         = [elasticache_security_group.this.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  apply_immediately          = true
  maintenance_window         = var.maintenance_window
  notification_topic_arn     = var.notification_topic_arn
  snapshot_retention_limit   = var.snapshot_retention_limit
  snapshot_window            = var.snapshot_window
  tags                       = local.tags

  auth_token                   = var.auth_token_enabled ? var.auth_token : null
  auth_token_secret_arn        = one(elasticache_auth_token_secret.this[*].arn)
  auth_token_secret_version_id = one(elasticache_auth_token_secret.this[*].version_id)

  dynamic "log_delivery_configuration" {
    for_each = local.logs

    content {
      log_type         = log_delivery_configuration.value
      destination      = elasticache_log_group.this[log_delivery_configuration.key].name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
    }
  }

  lifecycle {
    precondition {
      condition     = !var.multi_az_enabled || var.num_cache_nodes >= 2
      error_message = "With multi_az_enabled, num_cache_nodes must be at least 2: a primary, and a replica that takes over."
    }
  }
}

# Host, port and token, as the Lambda code reads them.
resource "elasticache_connection_secret" "this" {
  count = var.store_auth_token ? 1 : 0

  name              = "${local.id}/connection"
  description       = "Where ${local.id} is, and how to log in"
  replication_group = elasticache_replication_group.this
  tags              = local.tags

  auth_token                   = var.auth_token_enabled ? var.auth_token : null
  auth_token_secret_arn        = one(elasticache_auth_token_secret.this[*].arn)
  auth_token_secret_version_id = one(elasticache_auth_token_secret.this[*].version_id)
}

# CPU > 75 %, memory > 85 %, evictions > 1000, hit rate < 70 %, lag > 5 s, on every node.
resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.this
  preset            = "cache"
  alarm_actions     = length(var.alarm_actions) > 0 ? var.alarm_actions : null
  tags              = local.tags
}
