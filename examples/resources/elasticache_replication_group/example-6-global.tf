# Secondary of a global datastore, in another Region
resource "elasticache_replication_group" "primary" {
  replication_group_id       = "catalog"
  description                = "Catalog, primary"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.r7g.large"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
}

resource "elasticache_global_replication_group" "catalog" {
  global_replication_group_id_suffix = "catalog"
  primary_replication_group_id       = elasticache_replication_group.primary.replication_group_id
}

resource "elasticache_replication_group" "secondary" {
  region                      = "eu-central-1"
  replication_group_id        = "catalog-secondary"
  description                 = "Catalog, secondary"
  global_replication_group_id = elasticache_global_replication_group.catalog.global_replication_group_id
  num_cache_clusters          = 2
  automatic_failover_enabled  = true
}
