data "elasticache_serverless_cache_snapshots" "this" {
  serverless_cache_name = "backend-booking"
}

output "snapshots" {
  value = data.elasticache_serverless_cache_snapshots.this.names
}
