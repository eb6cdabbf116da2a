locals {
  # rediss://app:TOKEN@ENDPOINT:PORT/1?ssl_cert_reqs=required
  redis_url = provider::elasticache::redis_url(
    elasticache_replication_group.this.endpoint,
    elasticache_replication_group.this.port,
    {
      transit_encryption_enabled = true
      username                   = "app"
      auth_token                 = var.password
      database                   = 1
      parameters                 = { ssl_cert_reqs = "required" }
    },
  )
}
