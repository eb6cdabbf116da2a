output "primary_endpoint_address" {
  description = "Primary Redis endpoint for write operations."
  value       = elasticache_replication_group.main.primary_endpoint_address
}

output "reader_endpoint_address" {
  description = "Reader endpoint for read operations."
  value       = elasticache_replication_group.main.reader_endpoint_address
}
