variable "name" {}
variable "node_type" { default = "cache.t4g.small" }
variable "nodes" { default = "2" }
variable "shards" { default = "2" }
variable "cluster_mode_enabled" { default = "false" }
variable "zones" { default = ["eu-west-1a", "eu-west-1b"] }
variable "alarm_actions" { default = [] }

resource "elasticache_subnet_group" "redis" {
  name       = "${var.name}-Redis"
  subnet_ids = ["subnet-00000001", "subnet-00000002"]
}

resource "elasticache_parameter_group" "redis" {
  name   = "${var.name}"
  family = "redis5.0"

  # Whatever is given in the list.
  dynamic "parameter" {
    for_each = [{ name = "maxmemory-policy", value = "allkeys-lru" }]
    content {
      name  = parameter.value["name"]
      value = parameter.value["value"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_replication_group" "redis" {
  replication_group_id          = "${var.name}"
  description = "Cache ${var.name}"
  engine                        = "redis"
  engine_version                = "5.0.6"
  node_type                     = "${var.node_type}"
  num_cache_clusters         = var.cluster_mode_enabled ? null : var.nodes
  preferred_cache_cluster_azs            = var.cluster_mode_enabled ? null : var.zones
  subnet_group_name             = "${elasticache_subnet_group.redis.name}"
  parameter_group_name          = var.cluster_mode_enabled ? "default.redis5.0.cluster.on" : elasticache_parameter_group.redis.id
  automatic_failover_enabled    = "true"
  at_rest_encryption_enabled    = "true"
  apply_immediately             = "true" # no window

  # Shards, or nodes.
  # Each shard has its replicas.
  replicas_per_node_group = length(var.cluster_mode_enabled ? ["true"] : []) > 0 ? 1 : null
  num_node_groups = length(var.cluster_mode_enabled ? ["true"] : []) > 0 ? var.shards : null

  lifecycle {
    ignore_changes = ["engine_version", num_cache_clusters]
  }
}

# One alarm for each node.
resource "elasticache_metric_alarm" "cpu" {
  count = var.cluster_mode_enabled ? var.shards * 2 : var.nodes

  alarm_name          = "${element(sort(tolist(elasticache_replication_group.redis.member_clusters)), count.index)}-cpu"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = "2"
  metric_name         = "CPUUtilization"
  namespace           = "AWS/ElastiCache"
  period              = "300"
  statistic           = "Average"
  threshold           = "75"
  alarm_actions       = flatten(["${var.alarm_actions}"])

  dimensions = {
    CacheClusterId = "${element(sort(tolist(elasticache_replication_group.redis.member_clusters)), count.index)}"
  }

  depends_on = ["elasticache_replication_group.redis"]
}

output "endpoint" {
  value = "${join("", compact([elasticache_replication_group.redis.primary_endpoint_address, elasticache_replication_group.redis.configuration_endpoint_address]))}"
}

output "nodes" {
  value = elasticache_replication_group.redis.num_cache_clusters
}

output "encrypted" {
  value = elasticache_replication_group.redis.at_rest_encryption_enabled == true ? "yes" : "no"
}
