# The manual snapshots of one cache.
list "elasticache_serverless_cache_snapshot" "booking" {
  provider = elasticache

  config {
    serverless_cache_name = "backend-booking"
  }
}
