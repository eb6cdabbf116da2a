# Delivery of logs
resource "elasticache_log_group" "slow" {
  name              = "/aws/elasticache/search/slow-log"
  retention_in_days = 14
}

resource "elasticache_replication_group" "search" {
  replication_group_id = "search"
  description          = "Cache of the search service"
  engine               = "valkey"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 1

  log_delivery_configuration {
    destination      = elasticache_log_group.slow.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }
}
