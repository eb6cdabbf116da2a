data "elasticache_service_update_actions" "open" {
  service_update_status = ["available"]
  update_action_status  = ["not-applied", "stopped", "scheduled"]
}

# The replication groups that lack a service update.
output "open" {
  value = [
    for action in data.elasticache_service_update_actions.open.update_actions :
    "${action.replication_group_id}: ${action.service_update_name} by ${action.recommended_apply_by_date}"
    if action.replication_group_id != null
  ]
}
