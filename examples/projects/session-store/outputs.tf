output "connection_secret_arn" {
  description = "ARN of the secret with host, port, user, password and URL: what the application may read, and all that it needs."
  value       = elasticache_connection_secret.this.arn
}

output "configuration_endpoint" {
  description = "Host from which a cluster client learns the shards."
  value       = elasticache_replication_group.this.configuration_endpoint_address
}

output "port" {
  description = "Port of the store."
  value       = elasticache_replication_group.this.port
}

output "user_name" {
  description = "User that the application logs in as."
  value       = elasticache_user.this.user_name
}

output "security_group_id" {
  description = "Security group of the store."
  value       = elasticache_security_group.this.id
}

output "replication_group_id" {
  description = "ID of the replication group."
  value       = elasticache_replication_group.this.id
}
