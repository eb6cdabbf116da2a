# A token that nobody ever sees. Changing rotation makes another one, which the
# group takes in the same apply, beside the old one.
resource "elasticache_auth_token_secret" "this" {
  name     = "backend-booking/prod/redis/token"
  generate = { length = 32 }
  rotation = "2026-11"
}

output "auth_token_secret_arn" {
  value = elasticache_auth_token_secret.this.arn
}
