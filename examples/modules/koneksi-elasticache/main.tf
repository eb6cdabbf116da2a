# A Redis replication group for caching and sessions, encrypted at rest and on the
# way, with alarms on CPU and memory of each node.
#
# Every resource names its region, so that the same files are a module of others
# and a configuration of their own, and there is no provider block to be in the way.

locals {
  id   = "${var.name_prefix}-redis"
  tags = merge({ Project = var.project, Environment = var.environment }, var.tags)

  # AWS's own groups cannot be changed: parameters need a group of one's own, of the
  # same family. Without parameters AWS's own will do.
  own_parameters       = startswith(var.parameter_group_name, "default.") && length(var.parameter_group_parameters) > 0
  parameter_group_name = local.own_parameters ? elasticache_parameter_group.main[0].name : var.parameter_group_name
}

resource "elasticache_subnet_group" "main" {
  region      = var.aws_region
  name        = "${var.name_prefix}-redis-subnet-group"
  description = "Data private subnets of ${local.id}"
  subnet_ids  = var.elasticache_subnet_ids
  tags        = local.tags

  lifecycle {
    postcondition {
      condition     = self.vpc_id == var.vpc_id
      error_message = "The elasticache_subnet_ids are in ${self.vpc_id} and not in the vpc_id, ${var.vpc_id}."
    }
  }
}

resource "elasticache_parameter_group" "main" {
  count = local.own_parameters ? 1 : 0

  region      = var.aws_region
  name        = "${var.name_prefix}-redis-params"
  family      = trimprefix(var.parameter_group_name, "default.")
  description = "Settings of ${local.id}"
  tags        = local.tags

  dynamic "parameter" {
    for_each = var.parameter_group_parameters

    content {
      name  = parameter.value.name
      value = parameter.value.value
    }
  }
}

resource "elasticache_replication_group" "main" {
  region                     = var.aws_region
  replication_group_id       = local.id
  description                = "Redis of ${var.project} in ${var.environment}"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = var.node_type
  num_cache_clusters         = var.number_cache_clusters
  port                       = var.port
  parameter_group_name       = local.parameter_group_name
  automatic_failover_enabled = var.automatic_failover_enabled
  multi_az_enabled           = var.automatic_failover_enabled
  subnet_group_name          = elasticache_subnet_group.main.name
  security_group_ids         = [var.vpc_security_group_id]
  at_rest_encryption_enabled = true
  kms_key_id                 = var.kms_key_id
  transit_encryption_enabled = true
  apply_immediately          = true
  maintenance_window         = var.maintenance_window
  snapshot_window            = var.snapshot_window
  snapshot_retention_limit   = var.snapshot_retention_limit
  tags                       = local.tags

  lifecycle {
    precondition {
      condition     = !var.automatic_failover_enabled || var.number_cache_clusters >= 2
      error_message = "With automatic_failover_enabled, number_cache_clusters must be at least 2: a primary, and a replica that takes over."
    }
  }
}
