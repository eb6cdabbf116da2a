# The newest manual snapshot of the cache, including the final one of a deleted cache.
data "elasticache_snapshot" "last" {
  replication_group_id = "backend-booking"
  snapshot_source      = "manual"
  most_recent          = true
}

# A replication group that is restored from it. Later snapshots do not replace it.
resource "elasticache_replication_group" "restored" {
  replication_group_id = "backend-booking-restored"
  description          = "Cache of the booking service, restored"
  node_type            = data.elasticache_snapshot.last.node_type
  num_cache_clusters   = 2
  snapshot_name        = data.elasticache_snapshot.last.name

  lifecycle {
    ignore_changes = [snapshot_name]
  }
}
