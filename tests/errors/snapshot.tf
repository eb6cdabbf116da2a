resource "elasticache_snapshot" "of_nothing" {
  name = "booking"
}

resource "elasticache_snapshot" "of_two" {
  name                 = "booking"
  replication_group_id = "booking"
  cache_cluster_id     = "booking-001"
}

resource "elasticache_snapshot" "of_group_and_copy" {
  name                 = "booking"
  replication_group_id = "booking"
  source_snapshot_name = "automatic.booking-2026-01-24-03-00"
}

resource "elasticache_snapshot" "name" {
  name                 = "booking_before"
  replication_group_id = "booking"
}

resource "elasticache_snapshot" "bucket" {
  name                 = "booking"
  replication_group_id = "booking"
  target_bucket        = "backups"
}

resource "elasticache_snapshot" "timeout" {
  name                 = "booking"
  replication_group_id = "booking"
  timeouts {
    create = "an hour"
  }
}
