# A token that no state, plan or log holds. Changing rotation makes another one, as
# a new version of the secret; the one before stays readable as AWSPREVIOUS.
resource "elasticache_auth_token_secret" "this" {
  name     = "backend-booking/prod/redis/token"
  generate = { length = 32 }
  rotation = "2026-11"
}

# The group reads the token when it is applied. Another one is put in place beside the
# old; once every client has moved, auth_token_update_strategy = "SET" retires that.
resource "elasticache_replication_group" "this" {
  replication_group_id         = "backend-booking"
  description                  = "Cache of the booking service"
  node_type                    = "cache.t4g.small"
  num_cache_clusters           = 2
  transit_encryption_enabled   = true
  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
}
