output "connection_secret_arn" {
  description = "ARN of the secret with host, port, token and URL: what the service may read, and all that it needs."
  value       = elasticache_connection_secret.this.arn
}

output "endpoint" {
  description = "Host of the primary. It stays the same through a failover."
  value       = elasticache_replication_group.this.endpoint
}

output "reader_endpoint" {
  description = "Host that spreads reads over the replicas."
  value       = elasticache_replication_group.this.reader_endpoint
}

output "port" {
  description = "Port of the cache."
  value       = elasticache_replication_group.this.port
}

output "security_group_id" {
  description = "Security group of the cache."
  value       = elasticache_security_group.this.id
}

output "replication_group_id" {
  description = "ID of the replication group."
  value       = elasticache_replication_group.this.id
}
