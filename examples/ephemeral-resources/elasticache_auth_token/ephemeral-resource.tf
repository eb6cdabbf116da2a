ephemeral "elasticache_auth_token" "this" {
  length = 64
}

# Increasing the version stores the token that is generated then; until then the secret keeps its own.
resource "elasticache_auth_token_secret" "this" {
  name                  = "backend-booking/prod/redis/token"
  auth_token_wo         = ephemeral.elasticache_auth_token.this.auth_token
  auth_token_wo_version = 1
}
