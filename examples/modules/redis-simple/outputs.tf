output "redis_url" {
  description = "URL of the cache, with the token when there is one."
  value       = elasticache_ssm_url.this.url
  sensitive   = true
}

output "parameter_store_path" {
  description = "Path of the parameter that holds the URL, for the secrets of an ECS task."
  value       = elasticache_ssm_url.this.name
}

output "redis_endpoint" {
  description = "Address of the primary."
  value       = elasticache_replication_group.this.endpoint
}

output "redis_port" {
  description = "Port of the cache."
  value       = elasticache_replication_group.this.port
}

output "cluster_id" {
  description = "Id of the replication group."
  value       = elasticache_replication_group.this.id
}
