locals {
  # In a URL the special characters of a token are percent-encoded.
  login = var.auth_token_enabled && var.auth_token != null ? ":${urlencode(var.auth_token)}@" : ""
}

output "primary_endpoint_address" {
  description = "Write endpoint."
  value       = elasticache_replication_group.this.primary_endpoint_address
}

output "reader_endpoint_address" {
  description = "Read endpoint (if replicas)."
  value       = var.num_cache_nodes > 1 ? elasticache_replication_group.this.reader_endpoint_address : null
}

output "auth_token_secret_arn" {
  description = "Secrets Manager ARN: host, port, auth_token and url as JSON; null without store_auth_token."
  value       = one(elasticache_connection_secret.this[*].arn)
}

output "connection_string" {
  description = "Redis connection string. It holds the token when that is given as auth_token; a generated one is in the secret alone, under the key url."
  value       = "rediss://${local.login}${elasticache_replication_group.this.primary_endpoint_address}:${elasticache_replication_group.this.port}"
  sensitive   = true
}

output "replication_group_id" {
  description = "ID of the replication group."
  value       = elasticache_replication_group.this.id
}

output "security_group_id" {
  description = "Security group of the cache, which lets allowed_security_group_ids in on port 6379."
  value       = elasticache_security_group.this.id
}
