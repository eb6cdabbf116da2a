output "primary_endpoint_address" {
  description = "Primary Redis endpoint for write operations."
  value       = elasticache_replication_group.main.primary_endpoint_address
}

output "reader_endpoint_address" {
  description = "Reader endpoint for read operations."
  value       = elasticache_replication_group.main.reader_endpoint_address
}

output "replication_group_id" {
  description = "ID of the replication group."
  value       = elasticache_replication_group.main.id
}

output "member_clusters" {
  description = "IDs of the nodes, which CloudWatch knows as CacheClusterId."
  value       = elasticache_replication_group.main.member_clusters
}

output "security_group_id" {
  description = "Security group of the nodes, for rules that let applications in."
  value       = var.vpc_security_group_id
}

output "url_parameter_arn" {
  description = "ARN of the SSM parameter with the URL for write operations; null without parameter_store_prefix."
  value       = one(elasticache_ssm_url.primary[*].arn)
}

output "reader_url_parameter_arn" {
  description = "ARN of the SSM parameter with the URL for read operations; null without parameter_store_prefix."
  value       = one(elasticache_ssm_url.reader[*].arn)
}
