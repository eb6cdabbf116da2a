# The newest manual snapshot of the cache, which may no longer exist.
data "elasticache_serverless_cache_snapshot" "last" {
  serverless_cache_name = "backend-booking"
  snapshot_type         = "manual"
  most_recent           = true
}

# A cache that is restored from it. Later snapshots do not replace it.
resource "elasticache_serverless_cache" "restored" {
  name                     = "backend-booking-restored"
  engine                   = data.elasticache_serverless_cache_snapshot.last.engine
  snapshot_arns_to_restore = [data.elasticache_serverless_cache_snapshot.last.arn]

  lifecycle {
    ignore_changes = [snapshot_arns_to_restore]
  }
}
