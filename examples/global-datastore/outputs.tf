output "global_replication_group_id" {
  description = "ID of the global datastore."
  value       = elasticache_global_replication_group.this.global_replication_group_id
}

output "active_region" {
  description = "Region that takes writes."
  value       = elasticache_global_replication_group.this.primary_region
}

output "members" {
  description = "Members of the global datastore with their roles, as of the last refresh."
  value       = elasticache_global_replication_group.this.members
}

output "write_endpoint" {
  description = "Host of the active Region, for reads and writes. Clients use TLS and port 6379."
  value = (
    local.active == var.home.region
    ? elasticache_replication_group.home.primary_endpoint_address
    : elasticache_replication_group.standby.primary_endpoint_address
  )
}

output "read_endpoints" {
  description = "Host for reads in each Region."
  value = {
    (var.home.region)    = elasticache_replication_group.home.reader_endpoint_address
    (var.standby.region) = elasticache_replication_group.standby.reader_endpoint_address
  }
}
