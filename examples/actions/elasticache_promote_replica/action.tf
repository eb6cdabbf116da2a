# terraform apply -invoke=action.elasticache_promote_replica.second
action "elasticache_promote_replica" "second" {
  config {
    replication_group_id = elasticache_replication_group.this.id
    cache_cluster_id     = "${elasticache_replication_group.this.id}-002"
  }
}
