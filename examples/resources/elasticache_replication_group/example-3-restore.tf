# Restored from a snapshot
data "elasticache_snapshot" "newest" {
  replication_group_id = "backend-booking"
  most_recent          = true
}

resource "elasticache_replication_group" "restored" {
  replication_group_id = "backend-booking-restored"
  description          = "Cache of the booking service, restored"
  engine               = "valkey"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 2
  snapshot_name        = data.elasticache_snapshot.newest.name
}
