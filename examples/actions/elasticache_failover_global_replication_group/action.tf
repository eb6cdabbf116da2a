# terraform apply -invoke=action.elasticache_failover_global_replication_group.to_us
action "elasticache_failover_global_replication_group" "to_us" {
  config {
    global_replication_group_id  = "gxeiz-booking"
    primary_replication_group_id = "booking-us"
    primary_region               = "us-west-2"

    # Where the request is sent: in an outage of the other Region, that of the new primary.
    region = "us-west-2"
  }
}
