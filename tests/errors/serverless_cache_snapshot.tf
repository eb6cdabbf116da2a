resource "elasticache_serverless_cache_snapshot" "of_nothing" {
  name = "booking"
}

resource "elasticache_serverless_cache_snapshot" "of_two" {
  name                  = "booking"
  serverless_cache_name = "booking"
  source_snapshot_name  = "automatic.booking-2026-01-24-03-00"
}

resource "elasticache_serverless_cache_snapshot" "name" {
  name                  = "booking_before"
  serverless_cache_name = "booking"
}

resource "elasticache_serverless_cache_snapshot" "bucket" {
  name                  = "booking"
  serverless_cache_name = "booking"
  s3_bucket_name        = "s3://backups"
}
