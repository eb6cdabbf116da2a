resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.this
  alarm_actions     = ["arn:aws:sns:eu-west-1:111122223333:cache-alarms"]
}

resource "elasticache_dashboard" "this" {
  replication_group = elasticache_replication_group.this
  alarm_set         = elasticache_alarm_set.this

  widgets = jsonencode([
    {
      type       = "text"
      width      = 24
      height     = 2
      properties = { markdown = "Runbook: https://wiki.example.com/cache" }
    },
  ])
}

# The metrics of a serverless cache.
resource "elasticache_dashboard" "serverless" {
  serverless_cache_name = elasticache_serverless_cache.this.name
}
