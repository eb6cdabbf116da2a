data "elasticache_node_types" "booking" {
  replication_group_id = "booking"
}

# The plan warns of a node type to which AWS does not scale, before anything changes.
check "node_type" {
  assert {
    condition     = contains(data.elasticache_node_types.booking.scale_up, "cache.r7g.large")
    error_message = "AWS does not scale the replication group up to cache.r7g.large."
  }
}
