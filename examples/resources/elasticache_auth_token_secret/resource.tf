# A token that no state, plan or log holds. Changing rotation makes another one, as
# a new version of the secret; the one before stays readable as AWSPREVIOUS.
resource "elasticache_auth_token_secret" "this" {
  name     = "backend-booking/prod/redis/token"
  generate = { length = 32 }
  rotation = "2026-11"
}

output "auth_token_secret_arn" {
  value = elasticache_auth_token_secret.this.arn
}
