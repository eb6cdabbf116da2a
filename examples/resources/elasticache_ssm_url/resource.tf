resource "elasticache_auth_token_secret" "this" {
  name     = "backend-booking/prod/redis/token"
  generate = {}
}

resource "elasticache_replication_group" "this" {
  replication_group_id         = "backend-booking"
  description                  = "Cache of the booking service"
  node_type                    = "cache.t3.micro"
  num_cache_clusters           = 1
  transit_encryption_enabled   = true
  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
}

# rediss://:TOKEN@ENDPOINT:PORT/1, kept as a SecureString. The token comes from the
# secret that the group takes it from. When the endpoint, TLS or the token changes,
# the same apply rewrites it.
resource "elasticache_ssm_url" "this" {
  name              = "/backend-booking/prod/redis/url"
  description       = "URL of the cache of the booking service"
  replication_group = elasticache_replication_group.this
  database          = 1

  # Celery asks for this with TLS.
  parameters = {
    ssl_cert_reqs = "required"
  }
}
