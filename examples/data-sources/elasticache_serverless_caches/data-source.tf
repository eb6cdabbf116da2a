# The Valkey caches of production, by their tags.
data "elasticache_serverless_caches" "production" {
  engine = "valkey"
  tags   = { Environment = "prod" }
}

output "endpoints" {
  value = {
    for cache in data.elasticache_serverless_caches.production.serverless_caches : cache.name => cache.endpoint
  }
}
