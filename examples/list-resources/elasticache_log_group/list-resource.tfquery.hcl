# The log groups of the booking caches.
list "elasticache_log_group" "booking" {
  provider = elasticache

  config {
    name_prefix = "/aws/elasticache/booking"
  }
}
