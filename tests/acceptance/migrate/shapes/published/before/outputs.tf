output "members" {
  value = local.members
}

output "restored_from" {
  value = one(aws_elasticache_replication_group.this[*].snapshot_name)
}

output "user_group_id" {
  value = null
}
