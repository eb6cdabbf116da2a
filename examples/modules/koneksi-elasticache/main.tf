# A Redis replication group for caching and sessions, encrypted at rest and in transit,
# with alarms on CPU and memory of each node.
#
# Every resource names its Region, so that the same files are a module of another
# configuration and a configuration of their own, without a provider block.

locals {
  id   = "${var.name_prefix}-redis"
  logs = toset(concat(var.slow_log_enabled ? ["slow-log"] : [], var.engine_log_enabled ? ["engine-log"] : []))
  tags = merge({ Project = var.project, Environment = var.environment }, var.tags)

  # The parameter group families of AWS: redis5.0, redis6.x, redis7, valkey7, valkey8, valkey9.
  major  = "${var.engine}${split(".", var.engine_version)[0]}"
  family = lookup({ redis5 = "redis5.0", redis6 = "redis6.x" }, local.major, local.major)

  # AWS's own groups cannot be changed: parameters need a group of one's own, of the
  # family of the version. Without parameters AWS's own group is used.
  is_default           = var.parameter_group_name == "default.redis7"
  default_name         = length(var.parameter_group_parameters) > 0 ? elasticache_parameter_group.main.name : "default.${local.family}"
  parameter_group_name = local.is_default ? local.default_name : var.parameter_group_name
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

# It always exists, since parameter_group_name may be known at apply only; it costs nothing.
resource "elasticache_parameter_group" "main" {
  region      = var.aws_region
  name_prefix = "${var.name_prefix}-redis-params-"
  family      = local.family
  description = "Settings of ${local.id}"
  tags        = local.tags

  dynamic "parameter" {
    for_each = var.parameter_group_parameters

    content {
      name  = parameter.value.name
      value = parameter.value.value
    }
  }

  # A version of another family requires another group while the old one is still in use.
  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_log_group" "main" {
  for_each = local.logs

  region            = var.aws_region
  name              = "/aws/elasticache/${local.id}/${each.value}"
  retention_in_days = var.log_retention_in_days
  tags              = local.tags
}

resource "elasticache_replication_group" "main" {
  region                     = var.aws_region
  replication_group_id       = local.id
  description                = "Redis of ${var.project} in ${var.environment}"
  engine                     = var.engine
  engine_version             = var.engine_version
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
  apply_immediately          = var.apply_immediately
  auto_minor_version_upgrade = var.auto_minor_version_upgrade
  allow_engine_replacement   = var.allow_engine_replacement
  deletion_protection        = var.deletion_protection
  maintenance_window         = var.maintenance_window
  notification_topic_arn     = var.notification_topic_arn
  snapshot_name              = var.snapshot_name
  snapshot_window            = var.snapshot_window
  snapshot_retention_limit   = var.snapshot_retention_limit
  final_snapshot_identifier  = var.final_snapshot_identifier
  tags                       = local.tags

  dynamic "log_delivery_configuration" {
    for_each = local.logs

    content {
      log_type         = log_delivery_configuration.value
      destination      = elasticache_log_group.main[log_delivery_configuration.value].name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
    }
  }

  lifecycle {
    precondition {
      condition     = !var.automatic_failover_enabled || var.number_cache_clusters >= 2
      error_message = "With automatic_failover_enabled, number_cache_clusters must be at least 2: a primary, and a replica that takes over."
    }
  }
}

# For ECS, Lambda and Kubernetes, and as configuration beside that of other services.
resource "elasticache_ssm_url" "primary" {
  count = var.parameter_store_prefix != null ? 1 : 0

  region            = var.aws_region
  name              = "${var.parameter_store_prefix}/url"
  description       = "URL of ${local.id} for write operations"
  replication_group = elasticache_replication_group.main
  tags              = local.tags
}

resource "elasticache_ssm_url" "reader" {
  count = var.parameter_store_prefix != null ? 1 : 0

  region              = var.aws_region
  name                = "${var.parameter_store_prefix}/reader-url"
  description         = "URL of ${local.id} for read operations"
  replication_group   = elasticache_replication_group.main
  use_reader_endpoint = true
  tags                = local.tags
}
