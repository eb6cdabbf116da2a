output "name" {
  description = "Name of the cache, for which the API signs its IAM tokens (with ResourceType=ServerlessCache)."
  value       = elasticache_serverless_cache.this.id
}

output "user_id" {
  description = "User as which the API logs in. Its role needs elasticache:Connect on the ARNs of cache and user."
  value       = elasticache_user.this.user_id
}

output "connect_resources" {
  description = "The Resource of the IAM statement that allows elasticache:Connect."
  value       = [elasticache_serverless_cache.this.arn, elasticache_user.this.arn]
}

output "endpoint" {
  description = "Address and port for reads and writes. Clients use TLS and cluster mode."
  value       = one(elasticache_serverless_cache.this.endpoint)
}

output "reader_endpoint" {
  description = "Address and port for reads."
  value       = one(elasticache_serverless_cache.this.reader_endpoint)
}

output "security_group_id" {
  description = "Security group of the cache."
  value       = elasticache_security_group.this.id
}
