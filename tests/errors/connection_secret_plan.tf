resource "elasticache_connection_secret" "short_token" {
  name                       = "app/redis"
  host                       = "cache.local"
  transit_encryption_enabled = true
  auth_token                 = "short"
}
