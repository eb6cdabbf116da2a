# The Valkey caches whose names begin with booking-, with all their attributes.
list "elasticache_serverless_cache" "booking" {
  provider         = elasticache
  include_resource = true

  config {
    name_prefix = "booking-"
    engine      = "valkey"
  }
}
