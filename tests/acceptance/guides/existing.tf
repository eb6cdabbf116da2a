resource "elasticache_subnet_group" "existing" {
  name       = "booking"
  subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
}

resource "elasticache_parameter_group" "existing" {
  name   = "booking-valkey8"
  family = "valkey8"

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
}

resource "elasticache_replication_group" "existing" {
  replication_group_id       = "booking"
  description                = "Cache of the booking service"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  parameter_group_name       = elasticache_parameter_group.existing.name
  subnet_group_name          = elasticache_subnet_group.existing.name
  snapshot_retention_limit   = 3
}
