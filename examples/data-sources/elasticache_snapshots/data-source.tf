# The daily snapshots of one node of the last week, newest first.
data "elasticache_snapshots" "daily" {
  cache_cluster_id = "backend-booking-001"
  snapshot_source  = "automated"
  created_after    = timeadd(plantimestamp(), "-168h")
}

output "daily_snapshots" {
  value = data.elasticache_snapshots.daily.names
}
