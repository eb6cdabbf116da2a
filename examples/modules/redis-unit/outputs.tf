locals {
  scheme = var.transit_encryption_enabled ? "rediss" : "redis"
  server = "${local.scheme}://${elasticache_replication_group.this.primary_endpoint_address}:${elasticache_replication_group.this.port}"

  # Celery refuses a rediss:// URL that does not say how certificates are checked.
  celery = var.transit_encryption_enabled ? "?ssl_cert_reqs=required" : ""
}

output "primary_endpoint_address" {
  description = "Redis primary endpoint (read/write)."
  value       = elasticache_replication_group.this.primary_endpoint_address
}

output "redis_url" {
  description = "Full connection URL for Django CACHES: database 0."
  value       = "${local.server}/0"
}

output "celery_broker_url" {
  description = "Connection URL for the Celery broker: database 1."
  value       = "${local.server}/1${local.celery}"
}

output "redis_security_group_id" {
  description = "Security group of the cache, for rules that let services in."
  value       = elasticache_security_group.this.id
}
