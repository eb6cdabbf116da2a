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

# rediss://:TOKEN@ENDPOINT:PORT/1 as a SecureString, with the token of the secret that the
# replication group reads. When the endpoint, TLS or the token changes, the same apply
# rewrites the parameter.
resource "elasticache_ssm_url" "this" {
  name              = "/backend-booking/prod/redis/url"
  description       = "URL of the cache of the booking service"
  replication_group = elasticache_replication_group.this
  database          = 1

  # Celery requires this with TLS.
  parameters = {
    ssl_cert_reqs = "required"
  }
}

# The URL of a serverless cache: always with TLS, and with the hosts and ports that AWS returns.
resource "elasticache_serverless_cache" "this" {
  name   = "backend-booking"
  engine = "valkey"
}

resource "elasticache_ssm_url" "reader" {
  name                  = "/backend-booking/prod/redis/reader-url"
  serverless_cache_name = elasticache_serverless_cache.this.name
  use_reader_endpoint   = true
}
