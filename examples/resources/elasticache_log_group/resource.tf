resource "elasticache_log_group" "slow" {
  name              = "/aws/elasticache/backend-booking/slow-log"
  retention_in_days = 14

  tags = {
    Environment = "prod"
  }
}

resource "elasticache_log_group" "engine" {
  name              = "/aws/elasticache/backend-booking/engine-log"
  retention_in_days = 14
}

# Because of the references, the log groups are created first and deleted last.
resource "elasticache_replication_group" "this" {
  replication_group_id = "backend-booking"
  description          = "Cache of the booking service"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 2

  log_delivery_configuration {
    destination      = elasticache_log_group.slow.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }

  log_delivery_configuration {
    destination      = elasticache_log_group.engine.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "engine-log"
  }
}
