# The parameters below one path.
list "elasticache_ssm_url" "booking" {
  provider = elasticache

  config {
    path = "/booking/cache"
  }
}
