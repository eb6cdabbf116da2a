# terraform apply -invoke=action.elasticache_test_failover.game_day
action "elasticache_test_failover" "game_day" {
  config {
    replication_group_id = elasticache_replication_group.this.id

    # Required with several shards.
    node_group_id = "0001"
  }
}
