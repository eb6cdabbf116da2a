# The URL that the stack of the cache wrote, read by the stack of the application.
ephemeral "elasticache_ssm_url" "this" {
  name = "/backend-booking/prod/redis_url"
}

# The token reaches the secret, and neither state nor plan.
resource "elasticache_auth_token_secret" "copy" {
  name                  = "backend-booking/prod/redis-token"
  auth_token_wo         = ephemeral.elasticache_ssm_url.this.auth_token
  auth_token_wo_version = 1
}
