# The primary is in the Region of the provider, and a secondary in another one. Once the global datastore exists, it decides engine,
# version, node type and failover of both: change them here.
resource "elasticache_global_replication_group" "booking" {
  global_replication_group_id_suffix   = "booking"
  global_replication_group_description = "Cache of the booking service"
  primary_replication_group_id         = elasticache_replication_group.primary.id

  tags = {
    Environment = "prod"
  }
}

resource "elasticache_replication_group" "primary" {
  replication_group_id       = "booking"
  description                = "Cache of the booking service"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.r7g.large"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  transit_encryption_enabled = true
}

# The reference makes Terraform create it after the global datastore, and destroy it before.
resource "elasticache_replication_group" "secondary" {
  region                      = "us-west-2"
  replication_group_id        = "booking-us"
  description                 = "Cache of the booking service, replicated"
  global_replication_group_id = elasticache_global_replication_group.booking.global_replication_group_id
  num_cache_clusters          = 2
}
