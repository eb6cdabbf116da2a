resource "elasticache_replication_group" "this" {
  replication_group_id       = "backend-booking"
  description                = "Cache of the booking service"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 3
  automatic_failover_enabled = true
}

# The alarms of the preset on each of the three nodes, and a composite alarm that sends one
# notification. When replicas are added or removed, their alarms are as well, in the same apply.
resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.this
  preset            = "cache"
  alarm_actions     = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
  composite_alarm   = {}

  metrics = {
    # Changed.
    CPUUtilization = { threshold = 60, evaluation_periods = 3 }

    # Disabled.
    CacheHitRate = { enabled = false }

    # Added: a metric with defaults, and one without.
    EngineCPUUtilization = {}
    CurrItems = {
      threshold           = 5000000
      comparison_operator = "GreaterThanThreshold"
      statistic           = "Maximum"
    }

    # A second alarm on one metric, with another action.
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

# The alarms of a serverless cache, with thresholds of 75 % of its maxima.
resource "elasticache_serverless_cache" "this" {
  name   = "backend-booking"
  engine = "valkey"

  cache_usage_limits {
    data_storage {
      maximum = 10
      unit    = "GB"
    }

    ecpu_per_second {
      maximum = 5000
    }
  }
}

resource "elasticache_alarm_set" "serverless" {
  serverless_cache_name = elasticache_serverless_cache.this.name
  alarm_actions         = ["arn:aws:sns:eu-west-1:111122223333:on-call"]

  # A threshold for connections depends on the application.
  metrics = {
    CurrConnections = { threshold = 5000 }
  }
}
