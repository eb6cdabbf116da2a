/*
 * A module as a registry has it: everything stands behind a switch.
 */

locals {
  members = tolist(flatten(elasticache_replication_group.this[*].member_clusters))
}

resource "elasticache_replication_group" "this" {
  count = var.create ? 1 : 0

  replication_group_id       = var.name
  description                = coalesce(var.description, "Managed by a module")
  node_type                  = var.node_type
  num_cache_clusters         = var.nodes
  automatic_failover_enabled = var.nodes > 1
  parameter_group_name       = try(elasticache_parameter_group.this[0].id, null)
  subnet_group_name          = one(elasticache_subnet_group.this[*].name)
  security_group_ids         = [aws_security_group.this.id] // and no others
  snapshot_name              = var.snapshot_name

  dynamic "log_delivery_configuration" {
    for_each = var.logs

    content {
      destination      = try(elasticache_log_group.this[log_delivery_configuration.key].name, log_delivery_configuration.value)
      destination_type = "cloudwatch-logs"
      log_format       = "json"
      log_type         = log_delivery_configuration.key
    }
  }

  timeouts {
    create = "2h"
  }
}

resource "elasticache_log_group" "this" {
  for_each = var.logs

  name              = each.value
  retention_in_days = 14
}

resource "elasticache_parameter_group" "this" {
  count = var.create ? 1 : 0

  name   = "${var.name}-parameters"
  family = "valkey8"
}

resource "elasticache_subnet_group" "this" {
  count = var.create ? 1 : 0

  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "elasticache_metric_alarm" "memory" {
  for_each = toset(elasticache_replication_group.this[0].member_clusters)

  alarm_name          = "${each.key}-memory"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = "DatabaseMemoryUsagePercentage"
  namespace           = "AWS/ElastiCache"
  period              = 60
  statistic           = "Maximum"
  threshold           = 90
  dimensions          = { CacheClusterId = each.key }
}

# Of the queue in front of the cache.
resource "aws_cloudwatch_metric_alarm" "queue" {
  alarm_name          = "${var.name}-queue"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "ApproximateAgeOfOldestMessage"
  namespace           = "AWS/SQS"
  period              = 60
  statistic           = "Maximum"
  threshold           = 600
}

resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = var.vpc_id
}

resource "aws_ssm_parameter" "url" {
  name  = "/${var.name}/redis_url"
  type  = "String"
  value = <<-EOT
    redis://${elasticache_replication_group.this[0].primary_endpoint_address}:${elasticache_replication_group.this[0].port}
  EOT
}
