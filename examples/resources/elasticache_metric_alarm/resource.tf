resource "elasticache_replication_group" "this" {
  replication_group_id = "backend-booking"
  description          = "Cache of the booking service"
  node_type            = "cache.t3.micro"
  num_cache_clusters   = 1
}

# Memory of the first node.
resource "elasticache_metric_alarm" "memory" {
  alarm_name        = "backend-booking-memory"
  alarm_description = "The cache is nearly full"

  namespace           = "AWS/ElastiCache"
  metric_name         = "DatabaseMemoryUsagePercentage"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  period              = 300
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"

  dimensions = {
    CacheClusterId = elasticache_replication_group.this.member_clusters[0]
  }

  alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
}
