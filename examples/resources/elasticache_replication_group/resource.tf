# A primary and one replica in two zones, with TLS and a token.
resource "elasticache_replication_group" "this" {
  replication_group_id = "backend-booking"
  description          = "Cache of the booking service"

  engine             = "redis"
  engine_version     = "7.1"
  node_type          = "cache.t3.small"
  num_cache_clusters = 2

  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name  = elasticache_subnet_group.this.name
  security_group_ids = ["sg-0a1b2c3d4e5f60001"]

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = var.auth_token
  auth_token_update_strategy = "ROTATE"

  maintenance_window       = "sun:05:00-sun:07:00"
  snapshot_retention_limit = 5
  snapshot_window          = "03:00-05:00"
}

resource "elasticache_subnet_group" "this" {
  name       = "backend-booking"
  subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
}

variable "auth_token" {
  type      = string
  sensitive = true
}
