resource "elasticache_replication_group" "this" {
  replication_group_id       = "backend-booking"
  description                = "Cache of the booking service"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 3
  automatic_failover_enabled = true
}

# The alarms of the preset on each of the three nodes, and one over them all that tells
# people. When replicas come or go, their alarms do in the same apply.
resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.this
  preset            = "cache"
  alarm_actions     = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
  composite_alarm   = {}

  metrics = {
    # Tuned.
    CPUUtilization = { threshold = 60, evaluation_periods = 3 }

    # Switched off.
    CacheHitRate = { enabled = false }

    # Added: a metric with defaults, and one without.
    EngineCPUUtilization = {}
    CurrItems = {
      threshold           = 5000000
      comparison_operator = "GreaterThanThreshold"
      statistic           = "Maximum"
    }

    # A second alarm on one metric, which pages somebody.
    memory-critical = {
      metric_name   = "DatabaseMemoryUsagePercentage"
      threshold     = 95
      alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:pager"]
    }
  }
}

output "alarm_arns" {
  value = { for key, alarm in elasticache_alarm_set.this.alarms : key => alarm.arn }
}
