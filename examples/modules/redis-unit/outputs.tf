locals {
  # What runs: a change of TLS may wait for the maintenance window.
  tls    = elasticache_replication_group.this.transit_encryption_active
  scheme = local.tls ? "rediss" : "redis"
  server = "${local.scheme}://${elasticache_replication_group.this.primary_endpoint_address}:${elasticache_replication_group.this.port}"
  reader = "${local.scheme}://${elasticache_replication_group.this.reader_endpoint_address}:${elasticache_replication_group.this.port}"

  # Celery refuses a rediss:// URL without ssl_cert_reqs.
  celery = local.tls ? "?ssl_cert_reqs=required" : ""
}

output "primary_endpoint_address" {
  description = "Redis primary endpoint (read/write)."
  value       = elasticache_replication_group.this.primary_endpoint_address
}

output "reader_endpoint_address" {
  description = "Redis reader endpoint, which spreads connections over the replicas."
  value       = elasticache_replication_group.this.reader_endpoint_address
}

output "redis_url" {
  description = "Full connection URL for Django CACHES: database 0. Without the token; see redis_url_parameter_arn."
  value       = "${local.server}/0"
}

output "redis_reader_url" {
  description = "Connection URL of the replicas for Django CACHES: database 0. Without the token."
  value       = "${local.reader}/0"
}

output "celery_broker_url" {
  description = "Connection URL for the Celery broker: database 1. Without the token; see celery_broker_url_parameter_arn."
  value       = "${local.server}/1${local.celery}"
}

output "redis_security_group_id" {
  description = "Security group of the cache, for rules that let services in."
  value       = elasticache_security_group.this.id
}

output "replication_group_id" {
  description = "ID of the replication group."
  value       = elasticache_replication_group.this.id
}

output "redis_url_parameter_arn" {
  description = "ARN of the SSM parameter with the whole URL for Django CACHES; null without parameter_store_prefix."
  value       = one(elasticache_ssm_url.redis[*].arn)
}

output "celery_broker_url_parameter_arn" {
  description = "ARN of the SSM parameter with the whole URL for the Celery broker; null without parameter_store_prefix."
  value       = one(elasticache_ssm_url.celery[*].arn)
}

output "auth_token_secret_arn" {
  description = "ARN of the secret that holds the token and nothing else; null without auth_token_enabled."
  value       = one(elasticache_auth_token_secret.this[*].arn)
}
