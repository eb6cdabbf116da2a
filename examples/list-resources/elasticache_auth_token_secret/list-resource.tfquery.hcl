# The secrets of the booking caches that hold AUTH tokens.
list "elasticache_auth_token_secret" "booking" {
  provider = elasticache

  config {
    name_prefix = "booking/cache/tokens/"
  }
}
