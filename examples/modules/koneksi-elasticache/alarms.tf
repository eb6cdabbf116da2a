# CPU and memory of each node. CloudWatch has these metrics by node, under the id of
# the node (<group>-001 and so on): an alarm on the id of the group never gets data.

locals {
  nodes = [for n in range(var.number_cache_clusters) : format("%s-%03d", local.id, n + 1)]

  # None is null, as CloudWatch has it, so that alarms that are imported fit at once.
  alarm_actions = length(var.alarm_actions) > 0 ? var.alarm_actions : null
}

resource "elasticache_metric_alarm" "cpu_utilization" {
  for_each = toset(local.nodes)

  region              = var.aws_region
  alarm_name          = "${each.value}-cpu-utilization"
  alarm_description   = "CPU of ${each.value} is above 80 % for 10 minutes"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  period              = 300
  evaluation_periods  = 2
  dimensions          = { CacheClusterId = each.value }
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = local.tags
}

resource "elasticache_metric_alarm" "memory_utilization" {
  for_each = toset(local.nodes)

  region              = var.aws_region
  alarm_name          = "${each.value}-memory-utilization"
  alarm_description   = "Memory of ${each.value} is above 80 % for 10 minutes"
  namespace           = "AWS/ElastiCache"
  metric_name         = "DatabaseMemoryUsagePercentage"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  period              = 300
  evaluation_periods  = 2
  dimensions          = { CacheClusterId = each.value }
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = local.tags
}

# "Aim for > 80% hit ratio": the document's own example, put right. It had the id of
# the group for that of a node, and 0.8 for a metric that goes from 0 to 100.
resource "elasticache_metric_alarm" "cache_hit_ratio" {
  for_each = var.cache_hit_ratio_alarm ? toset(local.nodes) : toset([])

  region              = var.aws_region
  alarm_name          = "${each.value}-cache-hit-ratio-low"
  alarm_description   = "Cache hit ratio of ${each.value} is below 80 % for 15 minutes"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CacheHitRate"
  statistic           = "Average"
  comparison_operator = "LessThanThreshold"
  threshold           = 80
  period              = 300
  evaluation_periods  = 3
  dimensions          = { CacheClusterId = each.value }
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = local.tags

  # Without reads there is no rate, and that is no bad one.
  treat_missing_data = "notBreaching"
}
