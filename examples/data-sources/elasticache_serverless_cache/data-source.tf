data "elasticache_serverless_cache" "this" {
  name = "backend-booking"
}

output "redis_host" {
  value = data.elasticache_serverless_cache.this.endpoint.address
}
