resource "elasticache_metric_alarm" "nothing_to_watch" {
  alarm_name          = "booking"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
}

resource "elasticache_metric_alarm" "no_statistic" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
}

resource "elasticache_metric_alarm" "no_threshold" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
}

resource "elasticache_metric_alarm" "operator" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 60
  comparison_operator = ">"
  evaluation_periods  = 1
  threshold           = 1
}

resource "elasticache_metric_alarm" "period" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 90
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
}

resource "elasticache_metric_alarm" "statistic" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "p95"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
}

resource "elasticache_metric_alarm" "extended_statistic" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  extended_statistic  = "cd42"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
}

resource "elasticache_metric_alarm" "more_datapoints_than_periods" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  datapoints_to_alarm = 3
  threshold           = 1
}

resource "elasticache_metric_alarm" "too_long_a_time" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 86400
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 8
  threshold           = 1
}

resource "elasticache_metric_alarm" "action" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
  alarm_actions       = ["on-call"]
}

resource "elasticache_metric_alarm" "missing_data" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
  treat_missing_data  = "not_breaching"
}

resource "elasticache_metric_alarm" "metric_and_query" {
  alarm_name          = "booking"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
  metric_query {
    id          = "e1"
    expression  = "m1 * 2"
    return_data = true
  }
}
