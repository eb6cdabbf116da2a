# The manual snapshots of one replication group.
list "elasticache_snapshot" "booking" {
  provider = elasticache

  config {
    replication_group_id = "backend-booking"
  }
}
