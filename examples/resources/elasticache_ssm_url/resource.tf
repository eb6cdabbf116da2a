resource "elasticache_replication_group" "this" {
  replication_group_id       = "backend-booking"
  description                = "Cache of the booking service"
  node_type                  = "cache.t3.micro"
  num_cache_clusters         = 1
  transit_encryption_enabled = true
  auth_token                 = var.auth_token
}

# rediss://:TOKEN@ENDPOINT:PORT/1, kept as a SecureString. When the endpoint, TLS
# or the token changes, the same apply rewrites it.
resource "elasticache_ssm_url" "this" {
  name              = "/backend-booking/prod/redis/url"
  description       = "URL of the cache of the booking service"
  replication_group = elasticache_replication_group.this
  auth_token        = var.auth_token
  database          = 1

  # Celery asks for this with TLS.
  parameters = {
    ssl_cert_reqs = "required"
  }
}

variable "auth_token" {
  type      = string
  sensitive = true
}
