# Shards laid out one by one
resource "elasticache_replication_group" "ranking" {
  replication_group_id       = "ranking"
  description                = "Ranking of products"
  engine                     = "valkey"
  node_type                  = "cache.r7g.large"
  cluster_mode               = "enabled"
  automatic_failover_enabled = true

  node_group_configuration {
    node_group_id              = "0001"
    primary_availability_zone  = "eu-west-1a"
    replica_availability_zones = ["eu-west-1b"]
    replica_count              = 1
  }

  node_group_configuration {
    node_group_id              = "0002"
    primary_availability_zone  = "eu-west-1b"
    replica_availability_zones = ["eu-west-1a"]
    replica_count              = 1
  }
}
