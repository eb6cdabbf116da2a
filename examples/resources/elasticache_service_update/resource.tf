resource "elasticache_replication_group" "this" {
  replication_group_id       = "booking"
  description                = "Sessions of the booking service"
  engine                     = "valkey"
  engine_version             = "8.2"
  node_type                  = "cache.r7g.large"
  num_cache_clusters         = 3
  automatic_failover_enabled = true
  multi_az_enabled           = true
}

resource "elasticache_service_update" "this" {
  replication_group_id = elasticache_replication_group.this.id
  service_update_name  = "elc-20260915-001"

  # Six nodes of one shard take up to three hours, which is the default.
  timeouts {
    create = "3h"
  }
}

output "within_recommended_date" {
  value = elasticache_service_update.this.sla_met
}
