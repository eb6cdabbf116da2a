# The secrets of the booking caches that hold connections.
list "elasticache_connection_secret" "booking" {
  provider = elasticache

  config {
    name_prefix = "booking/cache/connections/"
  }
}
