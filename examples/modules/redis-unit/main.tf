# A Redis for Django: cache and sessions on database 0, Celery's broker on database 1.

locals {
  tags = merge({ Environment = var.environment }, var.tags)
  logs = toset(["slow-log", "engine-log"])

  # The parameter group families of AWS: redis5.0, redis6.x, redis7, valkey7, valkey8, valkey9.
  major  = "${var.engine}${split(".", var.engine_version)[0]}"
  family = lookup({ redis5 = "redis5.0", redis6 = "redis6.x" }, local.major, local.major)

  alarm_actions = length(var.alarm_actions) > 0 ? var.alarm_actions : null
}

resource "elasticache_subnet_group" "this" {
  name        = var.name
  description = "Subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
  tags        = local.tags
}

resource "elasticache_parameter_group" "this" {
  # A version of another family requires another group while the old one is still in use.
  name_prefix = "${var.name}-"
  family      = local.family
  description = "Settings of ${var.name}"
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

resource "elasticache_security_group" "this" {
  # A cache that uses the group keeps AWS from deleting it. If the group is ever replaced, the
  # new one is created first, and the cache moves to it.
  name_prefix                = "${var.name}-redis-"
  description                = "Redis ${var.name}"
  vpc_id                     = var.vpc_id != null ? var.vpc_id : elasticache_subnet_group.this.vpc_id
  allowed_security_group_ids = length(var.allowed_security_group_ids) > 0 ? var.allowed_security_group_ids : null
  ports                      = [var.port]
  tags                       = local.tags

  # The services that connect add rules of their own.
  exclusive = false

  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_log_group" "this" {
  for_each = local.logs

  name              = "/aws/elasticache/${var.name}/${each.value}"
  retention_in_days = var.log_retention_in_days
  tags              = local.tags
}

# The token exists before the cache that uses it, and only Secrets Manager holds one that is generated.
resource "elasticache_auth_token_secret" "this" {
  count = var.auth_token_enabled ? 1 : 0

  name                    = "${var.name}/auth-token"
  description             = "AUTH token of ${var.name}"
  auth_token              = var.auth_token
  generate                = var.auth_token == null ? { length = 32, special = false } : null
  restore_deleted         = var.restore_deleted
  recovery_window_in_days = var.recovery_window_in_days
  tags                    = local.tags
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "Redis of ${var.name}"
  engine                     = var.engine
  engine_version             = var.engine_version
  node_type                  = var.node_type
  num_cache_clusters         = var.num_cache_clusters
  automatic_failover_enabled = var.automatic_failover_enabled
  multi_az_enabled           = var.multi_az_enabled
  parameter_group_name       = elasticache_parameter_group.this.name
  subnet_group_name          = elasticache_subnet_group.this.name
  security_group_ids         = [elasticache_security_group.this.id]
  port                       = var.port
  at_rest_encryption_enabled = true
  transit_encryption_enabled = var.transit_encryption_enabled
  transit_encryption_mode    = var.transit_encryption_mode
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
      condition     = !var.auth_token_enabled || var.transit_encryption_enabled
      error_message = "With auth_token_enabled, transit_encryption_enabled must be true: AWS accepts a token over TLS only."
    }
  }
}

# The whole URLs, with the token, for ECS, Lambda and Kubernetes.
resource "elasticache_ssm_url" "redis" {
  count = var.parameter_store_prefix != null ? 1 : 0

  name              = "${var.parameter_store_prefix}/redis-url"
  description       = "REDIS_URL of ${var.name}"
  replication_group = elasticache_replication_group.this
  database          = 0
  tags              = local.tags
}

resource "elasticache_ssm_url" "celery" {
  count = var.parameter_store_prefix != null ? 1 : 0

  name              = "${var.parameter_store_prefix}/celery-broker-url"
  description       = "CELERY_BROKER_URL of ${var.name}"
  replication_group = elasticache_replication_group.this
  database          = 1
  tags              = local.tags

  # Celery refuses a rediss:// URL without ssl_cert_reqs.
  parameters = { ssl_cert_reqs = var.transit_encryption_enabled ? "required" : null }
}

# CPU, memory, evictions, hit rate and replication lag on each node, as the nodes come and go.
resource "elasticache_alarm_set" "this" {
  count = var.alarms ? 1 : 0

  replication_group = elasticache_replication_group.this
  preset            = "cache"
  alarm_actions     = local.alarm_actions
  ok_actions        = local.alarm_actions
  tags              = local.tags
}
