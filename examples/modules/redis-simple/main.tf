# A Redis replication group whose URL waits in Parameter Store: four resources.

locals {
  name   = lower("${var.app_name}-${var.environment}-redis")
  family = { "5" = "redis5.0", "6" = "redis6.x", "7" = "redis7" }[split(".", var.engine_version)[0]]

  auth_token = var.enable_auth_token ? var.auth_token : null
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
  # A version of another family needs another group while the old one is still in
  # use. Hence a new name each time, and the new group before the end of the old.
  name_prefix = "${local.name}-"
  family      = local.family
  description = "Settings of ${local.name}"
  tags        = var.tags

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }

  parameter {
    name  = "timeout"
    value = "300"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_replication_group" "this" {
  replication_group_id = local.name
  description          = "Redis of ${var.app_name} in ${var.environment}"

  engine               = "redis"
  engine_version       = var.engine_version
  node_type            = var.node_type
  num_cache_clusters   = var.num_cache_nodes
  parameter_group_name = elasticache_parameter_group.this.name

  subnet_group_name  = elasticache_subnet_group.this.name
  security_group_ids = var.security_group_ids

  multi_az_enabled           = var.multi_az_enabled
  automatic_failover_enabled = var.multi_az_enabled

  at_rest_encryption_enabled = true
  transit_encryption_enabled = var.enable_auth_token
  auth_token                 = local.auth_token
  auth_token_update_strategy = var.enable_auth_token ? "ROTATE" : null

  apply_immediately          = true
  auto_minor_version_upgrade = true
  maintenance_window         = "sun:05:00-sun:07:00"
  snapshot_retention_limit   = var.snapshot_retention_limit
  snapshot_window            = "03:00-05:00"

  tags = var.tags

  lifecycle {
    precondition {
      condition     = length(local.name) <= 40
      error_message = "The id of the replication group would be ${local.name}, which is longer than the 40 characters that AWS allows. Shorten app_name or environment."
    }

    precondition {
      condition     = !var.multi_az_enabled || var.num_cache_nodes >= 2
      error_message = "With multi_az_enabled, num_cache_nodes must be at least 2: a primary, and a replica that takes over."
    }

    precondition {
      condition     = !var.multi_az_enabled || length(var.subnet_ids) >= 2
      error_message = "With multi_az_enabled, subnet_ids must hold at least two subnets, in different zones."
    }

    precondition {
      condition     = !var.enable_auth_token || var.auth_token != ""
      error_message = "With enable_auth_token, auth_token must be given: 16 to 128 printable characters without @, a double quote or a slash."
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
