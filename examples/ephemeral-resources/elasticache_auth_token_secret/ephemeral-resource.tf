ephemeral "elasticache_auth_token_secret" "this" {
  secret_id = "backend-booking/prod/redis/token"
}

# The token is written to the parameter, and is in neither state nor plan.
resource "elasticache_ssm_url" "this" {
  name                       = "/backend-booking/prod/redis/url"
  host                       = "redis.internal.example.com"
  transit_encryption_enabled = true
  auth_token_wo              = ephemeral.elasticache_auth_token_secret.this.auth_token
  auth_token_wo_version      = 1
}
