# A token that is in no state, plan or log. Changing rotation generates another token as a new
# version of the secret; the previous one remains readable as AWSPREVIOUS.
resource "elasticache_auth_token_secret" "this" {
  name     = "backend-booking/prod/redis/token"
  generate = { length = 32 }
  rotation = "2026-11"
}

# The replication group reads the token during apply. A new token is valid beside the old one;
# once every client uses it, auth_token_update_strategy = "SET" removes the old one.
resource "elasticache_replication_group" "this" {
  replication_group_id         = "backend-booking"
  description                  = "Cache of the booking service"
  node_type                    = "cache.t4g.small"
  num_cache_clusters           = 2
  transit_encryption_enabled   = true
  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
}
