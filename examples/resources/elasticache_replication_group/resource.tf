# Valkey, a primary and a replica in two Availability Zones, with TLS and an AUTH token that is in no state.
resource "elasticache_auth_token_secret" "this" {
  name     = "backend-booking/production/redis/token"
  generate = { length = 64 }
}

resource "elasticache_subnet_group" "this" {
  name       = "backend-booking"
  subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
}

resource "elasticache_replication_group" "this" {
  replication_group_id = "backend-booking"
  description          = "Cache of the booking service"

  engine             = "valkey"
  engine_version     = "8.0"
  node_type          = "cache.t4g.small"
  num_cache_clusters = 2

  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name  = elasticache_subnet_group.this.name
  security_group_ids = ["sg-0a1b2c3d4e5f60001"]

  at_rest_encryption_enabled   = true
  transit_encryption_enabled   = true
  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id

  maintenance_window       = "sun:05:00-sun:07:00"
  snapshot_retention_limit = 5
  snapshot_window          = "03:00-05:00"
}
