resource "elasticache_auth_token_secret" "this" {
  name     = "backend-booking/prod/redis/token"
  generate = {}
}

resource "elasticache_replication_group" "this" {
  replication_group_id         = "backend-booking"
  description                  = "Cache of the booking service"
  engine                       = "valkey"
  node_type                    = "cache.t4g.small"
  num_cache_clusters           = 2
  transit_encryption_enabled   = true
  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
}

# {"host": …, "port": 6379, "auth_token": …, "url": "rediss://…", "ssl": true, …}: when the
# endpoint, TLS or the token changes, the same apply writes a new version.
resource "elasticache_connection_secret" "this" {
  name              = "backend-booking/prod/redis"
  replication_group = elasticache_replication_group.this
}

# Of a serverless cache, with the user that logs in. The secret also has the port and the URL for
# reads, which differ from those for writes.
resource "elasticache_serverless_cache" "this" {
  name          = "backend-booking"
  engine        = "valkey"
  user_group_id = "backend-booking"
}

resource "elasticache_connection_secret" "serverless" {
  name                         = "backend-booking/prod/serverless"
  serverless_cache_name        = elasticache_serverless_cache.this.name
  username                     = "api"
  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
}
