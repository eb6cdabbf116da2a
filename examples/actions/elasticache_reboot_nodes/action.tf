# Reboots the replicas whenever the parameters change. The same at any time:
# terraform apply -invoke=action.elasticache_reboot_nodes.replicas
action "elasticache_reboot_nodes" "replicas" {
  config {
    replication_group_id = "booking"
    cache_cluster_ids    = ["booking-002", "booking-003"]
  }
}

resource "elasticache_parameter_group" "this" {
  name   = "booking"
  family = "redis7"

  parameter {
    name  = "maxclients"
    value = "20000"
  }

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.elasticache_reboot_nodes.replicas]
    }
  }
}
