ephemeral "elasticache_iam_auth_token" "this" {
  user_id              = "app"
  replication_group_id = "backend-booking"
}

# A provider that connects to the cache during the run.
provider "redis" {
  url = provider::elasticache::redis_url("master.backend-booking.abc123.euw1.cache.amazonaws.com", 6379, {
    transit_encryption_enabled = true
    username                   = "app"
    auth_token                 = ephemeral.elasticache_iam_auth_token.this.auth_token
  })
}
