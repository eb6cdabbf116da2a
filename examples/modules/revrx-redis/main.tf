# The broker and result backend of the RevRx report queue: what
# `aws elasticache create-replication-group` and
# `aws ec2 authorize-security-group-ingress` create by hand.

locals {
  logs = toset(concat(var.slow_log_enabled ? ["slow-log"] : [], var.engine_log_enabled ? ["engine-log"] : []))

  # The parameter group families of AWS: redis5.0, redis6.x, redis7, valkey7, valkey8, valkey9.
  major  = "${var.engine}${split(".", var.engine_version)[0]}"
  family = lookup({ redis5 = "redis5.0", redis6 = "redis6.x" }, local.major, local.major)

  # Redis Cluster: num_node_groups shards in place of num_cache_clusters nodes.
  sharded = var.num_node_groups != null

  alarm_actions = length(var.alarm_actions) > 0 ? var.alarm_actions : null
}

resource "elasticache_subnet_group" "this" {
  name        = var.subnet_group_name
  description = "Subnets of ${var.replication_group_id}"
  subnet_ids  = var.subnet_ids
  tags        = var.tags
}

resource "elasticache_security_group" "this" {
  # A cache that uses the group keeps AWS from deleting it: a new one is created first.
  name_prefix                = "${var.replication_group_id}-"
  description                = "Redis of the application servers"
  vpc_id                     = var.vpc_id != null ? var.vpc_id : elasticache_subnet_group.this.vpc_id
  allowed_security_group_ids = [var.app_security_group_id]
  tags                       = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_parameter_group" "this" {
  # A version of another family requires another group while the old one is still in use.
  name_prefix = "${var.replication_group_id}-"
  family      = local.family
  description = "Settings of ${var.replication_group_id}"
  tags        = var.tags

  parameter {
    name  = "maxmemory-policy"
    value = var.maxmemory_policy
  }

  # Pairs of a command and its new name, in which `blocked` disables the command.
  dynamic "parameter" {
    for_each = length(var.rename_commands) > 0 ? [join(" ", [for command, name in var.rename_commands : "${lower(command)} ${name}"])] : []

    content {
      name  = "rename-commands"
      value = parameter.value
    }
  }

  dynamic "parameter" {
    for_each = local.sharded ? ["yes"] : []

    content {
      name  = "cluster-enabled"
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_log_group" "this" {
  for_each = local.logs

  name              = "/aws/elasticache/${var.replication_group_id}/${each.value}"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

# The token exists before the cache that uses it, and only Secrets Manager holds one that is generated.
resource "elasticache_auth_token_secret" "this" {
  name                    = "${var.replication_group_id}/auth-token"
  description             = "REDIS_PASSWORD of ${var.replication_group_id}"
  auth_token              = var.auth_token
  restore_deleted         = var.restore_deleted
  recovery_window_in_days = var.recovery_window_in_days
  tags                    = var.tags

  # Letters and digits alone, so that no file or shell requires quotes.
  generate = var.auth_token == null ? { length = 32, special = false } : null
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = var.replication_group_id
  description                = var.description
  engine                     = var.engine
  engine_version             = var.engine_version
  node_type                  = var.node_type
  num_cache_clusters         = local.sharded ? null : var.num_cache_clusters
  num_node_groups            = var.num_node_groups
  replicas_per_node_group    = local.sharded ? var.replicas_per_node_group : null
  automatic_failover_enabled = var.automatic_failover_enabled
  multi_az_enabled           = var.multi_az_enabled
  parameter_group_name       = elasticache_parameter_group.this.name
  subnet_group_name          = elasticache_subnet_group.this.name
  security_group_ids         = concat([elasticache_security_group.this.id], var.security_group_ids)
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  apply_immediately          = var.apply_immediately
  auto_minor_version_upgrade = var.auto_minor_version_upgrade
  allow_engine_replacement   = var.allow_engine_replacement
  deletion_protection        = var.deletion_protection
  notification_topic_arn     = var.notification_topic_arn
  maintenance_window         = var.maintenance_window
  snapshot_name              = var.snapshot_name
  snapshot_retention_limit   = var.snapshot_retention_limit
  snapshot_window            = var.snapshot_window
  final_snapshot_identifier  = var.final_snapshot_identifier
  tags                       = var.tags

  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
  auth_token_update_strategy   = var.auth_token_update_strategy

  dynamic "log_delivery_configuration" {
    for_each = local.logs

    content {
      log_type         = log_delivery_configuration.value
      destination      = elasticache_log_group.this[log_delivery_configuration.value].name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
    }
  }
}

# The whole URLs, with the token, for a .env file, ECS, Lambda and Kubernetes.
resource "elasticache_ssm_url" "redis" {
  name              = "/${var.replication_group_id}/redis-url"
  description       = "REDIS_URL of ${var.replication_group_id}"
  replication_group = elasticache_replication_group.this
  database          = var.database
  tags              = var.tags
}

resource "elasticache_ssm_url" "celery" {
  name              = "/${var.replication_group_id}/celery-url"
  description       = "CELERY_BROKER_URL and CELERY_RESULT_BACKEND of ${var.replication_group_id}"
  replication_group = elasticache_replication_group.this
  database          = var.database
  tags              = var.tags

  # Celery refuses a rediss:// URL without ssl_cert_reqs.
  parameters = { ssl_cert_reqs = "required" }
}

# The guide's alerts on each node, as the nodes come and go. Its two numbers are those of
# the preset: CPU above 75 % and memory above 80 %.
resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.this
  preset            = "broker"
  alarm_actions     = local.alarm_actions
  ok_actions        = local.alarm_actions
  tags              = var.tags

  metrics = {
    CurrConnections = {
      threshold           = var.connections_alarm_threshold
      comparison_operator = "GreaterThanThreshold"
      statistic           = "Maximum"
    }

    # A number of bytes means something for one node type only. These count the packets that
    # a node delayed or dropped because traffic was over its bandwidth, whatever its type.
    NetworkBandwidthInAllowanceExceeded  = {}
    NetworkBandwidthOutAllowanceExceeded = {}

    # Only replicas have a lag.
    ReplicationLag = {
      threshold           = 5
      comparison_operator = "GreaterThanThreshold"
      statistic           = "Average"
    }
  }
}
