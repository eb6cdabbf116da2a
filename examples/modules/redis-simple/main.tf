# A Redis replication group whose URL is in Parameter Store: four resources, and more on request.

locals {
  name = lower("${var.app_name}-${var.environment}-redis")
  logs = toset(concat(var.slow_log_enabled ? ["slow-log"] : [], var.engine_log_enabled ? ["engine-log"] : []))

  # The parameter group families of AWS: redis5.0, redis6.x, redis7, valkey7, valkey8, valkey9.
  major  = "${var.engine}${split(".", var.engine_version)[0]}"
  family = lookup({ redis5 = "redis5.0", redis6 = "redis6.x" }, local.major, local.major)

  auth_token    = var.enable_auth_token ? var.auth_token : null
  alarm_actions = length(var.alarm_actions) > 0 ? var.alarm_actions : null
}

resource "elasticache_subnet_group" "this" {
  name        = local.name
  description = "Subnets of ${local.name}"
  subnet_ids  = var.subnet_ids
  tags        = var.tags

  lifecycle {
    postcondition {
      condition     = self.vpc_id == var.vpc_id
      error_message = "The subnet_ids are in ${self.vpc_id} and not in the vpc_id, ${var.vpc_id}. Applications in that VPC could not reach the cache."
    }
  }
}

resource "elasticache_parameter_group" "this" {
  # A version of another family requires another group while the old one is still in use.
  name_prefix = "${local.name}-"
  family      = local.family
  description = "Settings of ${local.name}"
  tags        = var.tags

  parameter {
    name  = "maxmemory-policy"
    value = var.maxmemory_policy
  }

  parameter {
    name  = "timeout"
    value = "300"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Without create_security_group, security_group_ids are the groups of the cache itself.
resource "elasticache_security_group" "this" {
  count = var.create_security_group ? 1 : 0

  name_prefix                = "${local.name}-"
  description                = "Redis ${local.name}"
  vpc_id                     = var.vpc_id
  allowed_security_group_ids = var.security_group_ids
  tags                       = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_log_group" "this" {
  for_each = local.logs

  name              = "/aws/elasticache/${local.name}/${each.value}"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

resource "elasticache_replication_group" "this" {
  replication_group_id = local.name
  description          = "Redis of ${var.app_name} in ${var.environment}"

  engine               = var.engine
  engine_version       = var.engine_version
  node_type            = var.node_type
  num_cache_clusters   = var.num_cache_nodes
  parameter_group_name = elasticache_parameter_group.this.name

  subnet_group_name  = elasticache_subnet_group.this.name
  security_group_ids = var.create_security_group ? elasticache_security_group.this[*].id : var.security_group_ids

  multi_az_enabled           = var.multi_az_enabled
  automatic_failover_enabled = var.multi_az_enabled

  at_rest_encryption_enabled = true
  transit_encryption_enabled = var.enable_auth_token || var.transit_encryption_enabled
  transit_encryption_mode    = var.transit_encryption_mode
  auth_token                 = local.auth_token
  auth_token_update_strategy = var.enable_auth_token ? var.auth_token_update_strategy : null

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

  tags = var.tags

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
      condition     = length(local.name) <= 40
      error_message = "The ID of the replication group would be ${local.name}, which is longer than the 40 characters that AWS allows. Shorten app_name or environment."
    }

    precondition {
      condition     = !var.multi_az_enabled || var.num_cache_nodes >= 2
      error_message = "With multi_az_enabled, num_cache_nodes must be at least 2: a primary, and a replica that takes over."
    }

    precondition {
      condition     = !var.multi_az_enabled || length(var.subnet_ids) >= 2
      error_message = "With multi_az_enabled, subnet_ids must contain at least two subnets, in different Availability Zones."
    }

    precondition {
      condition     = !var.enable_auth_token || var.auth_token != ""
      error_message = "With enable_auth_token, auth_token must be given: 16 to 128 letters, digits and the characters !&#$^<>-."
    }
  }
}

resource "elasticache_ssm_url" "this" {
  name              = "/${var.app_name}/${var.environment}/redis/url"
  description       = "URL of ${local.name}"
  replication_group = elasticache_replication_group.this
  auth_token        = local.auth_token
  tags              = var.tags
}

# CPU, memory, evictions, hit rate and replication lag on each node, as the nodes come and go.
resource "elasticache_alarm_set" "this" {
  count = var.alarms ? 1 : 0

  replication_group = elasticache_replication_group.this
  preset            = "cache"
  alarm_actions     = local.alarm_actions
  ok_actions        = local.alarm_actions
  tags              = var.tags
}
