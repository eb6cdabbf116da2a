data "elasticache_user_group" "people" {
  user_group_id = "people"
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = "booking"
  description                = "Cache of the booking service"
  node_type                  = "cache.t4g.small"
  transit_encryption_enabled = true
  user_group_ids             = [data.elasticache_user_group.people.id]
}
