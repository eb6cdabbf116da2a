# CPU and memory of each node. CloudWatch has these metrics by node, under the ID of
# the node (<group>-001 and so on): an alarm on the ID of the group never gets data. The
# alarms follow the nodes that exist, through scaling, failover and replacement.

locals {
  # An empty list is null, as CloudWatch has it, so that imported alarms plan no change.
  alarm_actions = length(var.alarm_actions) > 0 ? var.alarm_actions : null
}

resource "elasticache_alarm_set" "main" {
  region            = var.aws_region
  replication_group = elasticache_replication_group.main
  preset            = "none"
  alarm_actions     = local.alarm_actions
  ok_actions        = local.alarm_actions
  tags              = local.tags

  metrics = {
    cpu-utilization = {
      metric_name         = "CPUUtilization"
      description         = "CPU of {member} is above 80 % for 10 minutes"
      statistic           = "Average"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      period              = 300
      evaluation_periods  = 2
    }

    memory-utilization = {
      metric_name         = "DatabaseMemoryUsagePercentage"
      description         = "Memory of {member} is above 80 % for 10 minutes"
      statistic           = "Average"
      comparison_operator = "GreaterThanThreshold"
      threshold           = 80
      period              = 300
      evaluation_periods  = 2
    }

    # "Aim for > 80% hit ratio": the document's own example with the ID of a node for that of
    # the group, and 80 for 0.8, since the metric goes from 0 to 100.
    cache-hit-ratio-low = {
      enabled             = var.cache_hit_ratio_alarm
      metric_name         = "CacheHitRate"
      description         = "Cache hit ratio of {member} is below 80 % for 15 minutes"
      statistic           = "Average"
      comparison_operator = "LessThanThreshold"
      threshold           = 80
      period              = 300
      evaluation_periods  = 3

      # Without reads there is no rate.
      treat_missing_data = "notBreaching"
    }
  }
}
