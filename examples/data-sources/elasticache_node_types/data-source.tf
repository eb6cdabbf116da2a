data "elasticache_node_types" "booking" {
  replication_group_id = "booking"
}

# A size that the group cannot be given is found before anything is changed.
check "node_type" {
  assert {
    condition     = contains(data.elasticache_node_types.booking.scale_up, "cache.r7g.large")
    error_message = "AWS does not scale the group up to cache.r7g.large."
  }
}
