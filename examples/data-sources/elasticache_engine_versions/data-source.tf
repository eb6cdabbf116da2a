# The newest Valkey 8, so that a new minor version is an upgrade in place.
data "elasticache_engine_versions" "valkey" {
  engine        = "valkey"
  major_version = 8
}

resource "elasticache_replication_group" "this" {
  replication_group_id = "booking"
  description          = "Cache of the booking service"
  node_type            = "cache.t4g.small"
  engine               = "valkey"
  engine_version       = data.elasticache_engine_versions.valkey.latest_version
}
