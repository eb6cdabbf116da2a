# The dashboards with the default name of this provider.
list "elasticache_dashboard" "caches" {
  provider = elasticache
}
