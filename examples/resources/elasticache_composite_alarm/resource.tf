resource "elasticache_metric_alarm" "this" {
  for_each = {
    memory = "DatabaseMemoryUsagePercentage"
    engine = "EngineCPUUtilization"
  }

  alarm_name          = "backend-booking-${each.key}"
  namespace           = "AWS/ElastiCache"
  metric_name         = each.value
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  period              = 300
  evaluation_periods  = 2

  dimensions = {
    CacheClusterId = "backend-booking-001"
  }
}

# One notification for both alarms, and none during maintenance.
resource "elasticache_composite_alarm" "this" {
  alarm_name        = "backend-booking-trouble"
  alarm_description = "The cache of the booking service is overloaded"
  alarm_rule        = join(" OR ", [for alarm in elasticache_metric_alarm.this : "ALARM(\"${alarm.alarm_name}\")"])
  alarm_actions     = ["arn:aws:sns:eu-west-1:111122223333:on-call"]

  actions_suppressor {
    alarm            = "backend-maintenance"
    wait_period      = 60
    extension_period = 300
  }
}
