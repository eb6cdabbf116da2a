# The service updates of one replication group.
list "elasticache_service_update" "booking" {
  provider = elasticache

  config {
    replication_group_id = "booking"
  }
}
