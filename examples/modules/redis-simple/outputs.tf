locals {
  # In a URL the special characters of a token are percent-encoded.
  login = var.enable_auth_token ? ":${urlencode(var.auth_token)}@" : ""
}

output "redis_url" {
  description = "Full Redis connection URL, with the token when there is one."
  value       = replace(elasticache_ssm_url.this.url, "://", "://${local.login}")
  sensitive   = true
}

output "parameter_store_path" {
  description = "Path of the SSM parameter with the URL, for the secrets of an ECS task."
  value       = elasticache_ssm_url.this.name
}

output "parameter_store_arn" {
  description = "ARN of the same parameter, for an ECS task in another Region and for IAM policies."
  value       = elasticache_ssm_url.this.arn
}

output "redis_endpoint" {
  description = "Redis endpoint address: the primary."
  value       = elasticache_replication_group.this.endpoint
}

output "redis_reader_endpoint" {
  description = "Redis reader endpoint address, which spreads connections over the replicas."
  value       = elasticache_replication_group.this.reader_endpoint
}

output "redis_port" {
  description = "Redis port."
  value       = elasticache_replication_group.this.port
}

output "cluster_id" {
  description = "ID of the replication group."
  value       = elasticache_replication_group.this.id
}

output "security_group_ids" {
  description = "Security groups of the cache, for rules that let applications in."
  value       = elasticache_replication_group.this.security_group_ids
}
