output "primary_endpoint_address" {
  description = "Write endpoint."
  value       = elasticache_replication_group.this.primary_endpoint_address
}

output "reader_endpoint_address" {
  description = "Read endpoint (if replicas)."
  value       = var.num_cache_nodes > 1 ? elasticache_replication_group.this.reader_endpoint_address : null
}

output "auth_token_secret_arn" {
  description = "Secrets Manager ARN: host, port and auth_token as JSON; null without store_auth_token."
  value       = one(elasticache_connection_secret.this[*].arn)
}

output "connection_string" {
  description = "Redis connection string. It holds the token when that is given as auth_token; one that is made is in the secret alone."
  value       = elasticache_replication_group.this.url
  sensitive   = true
}
