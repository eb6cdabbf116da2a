# terraform apply -invoke=action.elasticache_apply_service_update.booking
action "elasticache_apply_service_update" "booking" {
  config {
    replication_group_id = "booking"
    service_update_name  = "elc-20260915-001"
    timeout              = "2h"
  }
}
