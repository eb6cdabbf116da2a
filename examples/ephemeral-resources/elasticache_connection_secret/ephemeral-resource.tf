# The connection that the configuration of the cache has written.
ephemeral "elasticache_connection_secret" "this" {
  secret_id = "backend-booking/prod/redis"
}

# The token is written to the parameter of another database, and is in neither state nor plan.
resource "elasticache_ssm_url" "sessions" {
  name                       = "/backend-booking/prod/redis/sessions"
  host                       = "redis.internal.example.com"
  transit_encryption_enabled = true
  auth_token_wo              = ephemeral.elasticache_connection_secret.this.auth_token
  auth_token_wo_version      = 1
  database                   = 2
}
