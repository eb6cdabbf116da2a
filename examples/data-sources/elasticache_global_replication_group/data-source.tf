data "elasticache_global_replication_group" "booking" {
  global_replication_group_id = "gxeiz-booking"
}

output "primary_region" {
  value = data.elasticache_global_replication_group.booking.primary_region
}

output "secondary_regions" {
  value = [
    for member in data.elasticache_global_replication_group.booking.members :
    member.replication_group_region if member.role == "SECONDARY"
  ]
}
