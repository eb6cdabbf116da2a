# A Redis for Django: cache and sessions on database 0, Celery's broker on database 1.

locals {
  tags = merge({ Environment = var.environment }, var.tags)
  logs = { slow-log = "slow-log", engine-log = "engine-log" }
}

resource "elasticache_subnet_group" "this" {
  name        = var.name
  description = "Subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
  tags        = local.tags
}

resource "elasticache_parameter_group" "this" {
  name        = var.name
  family      = "redis7"
  description = "Settings of ${var.name}"
  tags        = local.tags

  parameter {
    name  = "maxmemory-policy"
    value = var.maxmemory_policy
  }

  # Microseconds: what takes longer than 10 ms is in the slow log.
  parameter {
    name  = "slowlog-log-slower-than"
    value = "10000"
  }
}

resource "elasticache_security_group" "this" {
  name                       = "${var.name}-redis"
  description                = "Redis ${var.name}"
  vpc_id                     = elasticache_subnet_group.this.vpc_id
  allowed_security_group_ids = length(var.allowed_security_group_ids) > 0 ? var.allowed_security_group_ids : null
  tags                       = local.tags

  # The services that connect bring rules of their own.
  exclusive = false
}

resource "elasticache_log_group" "this" {
  for_each = local.logs

  name              = "/aws/elasticache/${var.name}/${each.value}"
  retention_in_days = var.log_retention_in_days
  tags              = local.tags
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "Redis of ${var.name}"
  engine                     = "redis"
  engine_version             = var.engine_version
  node_type                  = var.node_type
  num_cache_clusters         = var.num_cache_clusters
  automatic_failover_enabled = var.automatic_failover_enabled
  multi_az_enabled           = var.multi_az_enabled
  parameter_group_name       = elasticache_parameter_group.this.name
  subnet_group_name          = elasticache_subnet_group.this.name
  security_group_ids         = [elasticache_security_group.this.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = var.transit_encryption_enabled
  apply_immediately          = true
  maintenance_window         = var.maintenance_window
  snapshot_retention_limit   = var.snapshot_retention_limit
  snapshot_window            = var.snapshot_window
  tags                       = local.tags

  dynamic "log_delivery_configuration" {
    for_each = local.logs

    content {
      log_type         = log_delivery_configuration.value
      destination      = elasticache_log_group.this[log_delivery_configuration.key].name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
    }
  }
}
