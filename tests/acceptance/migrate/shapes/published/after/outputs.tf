output "members" {
  value = local.members
}

output "restored_from" {
  value = one(elasticache_replication_group.this[*].snapshot_name)
}

output "user_group_id" {
  value = null
}
