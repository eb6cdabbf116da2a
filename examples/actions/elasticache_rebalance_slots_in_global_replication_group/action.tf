# terraform apply -invoke=action.elasticache_rebalance_slots_in_global_replication_group.booking
action "elasticache_rebalance_slots_in_global_replication_group" "booking" {
  config {
    global_replication_group_id = "gxeiz-booking"
  }
}
