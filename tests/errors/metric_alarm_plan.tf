resource "elasticache_metric_alarm" "group_for_a_node_and_a_fraction" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CacheHitRate"
  dimensions          = { CacheClusterId = "booking" }
  statistic           = "Average"
  period              = 300
  comparison_operator = "LessThanThreshold"
  evaluation_periods  = 2
  threshold           = 0.8
}

resource "elasticache_metric_alarm" "metric_of_nodes" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CPUUtilization"
  dimensions          = { ReplicationGroupId = "booking" }
  statistic           = "Average"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 75
}

resource "elasticache_metric_alarm" "dimension_in_another_case" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CPUUtilization"
  dimensions          = { CacheClusterID = "booking-001" }
  statistic           = "Average"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 75
}

resource "elasticache_metric_alarm" "misspelled_metric" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CPUUtilisation"
  dimensions          = { CacheClusterId = "booking-001" }
  statistic           = "Average"
  period              = 300
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 75
}

resource "elasticache_metric_alarm" "query" {
  alarm_name          = "booking"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 0.9
  metric_query {
    id          = "m1"
    return_data = true
    metric {
      namespace   = "AWS/ElastiCache"
      metric_name = "EngineCPUUtilization"
      dimensions  = { CacheClusterId = "booking" }
      stat        = "Maximum"
      period      = 60
    }
  }
}
