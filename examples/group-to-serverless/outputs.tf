output "url_parameter" {
  description = "Parameter with the URL, whose name stays the same."
  value       = elasticache_ssm_url.this.name
}

output "endpoint" {
  description = "Host to which the URL leads."
  value = (
    local.has_serverless
    ? elasticache_serverless_cache.this[0].endpoint[0].address
    : elasticache_replication_group.this[0].configuration_endpoint_address
  )
}

output "snapshot" {
  description = "Name of the snapshot that the serverless cache was created from, while it exists."
  value       = one(elasticache_snapshot.this[*].name)
}
