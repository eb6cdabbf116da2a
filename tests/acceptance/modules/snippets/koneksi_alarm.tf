# Custom CloudWatch alarm example
resource "aws_cloudwatch_metric_alarm" "cache_hit_ratio" {
  alarm_name          = "redis-cache-hit-ratio-low"
  comparison_operator = "LessThanThreshold"
  evaluation_periods  = "3"
  metric_name         = "CacheHitRate"
  namespace           = "AWS/ElastiCache"
  period              = "300"
  statistic           = "Average"
  threshold           = "0.8"  # 80% hit ratio
  alarm_description   = "Cache hit ratio is below acceptable threshold"
  
  dimensions = {
    CacheClusterId = aws_elasticache_replication_group.main.id
  }
}
