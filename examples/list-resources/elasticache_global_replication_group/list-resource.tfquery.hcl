# The global datastores whose IDs begin with gxeiz-booking.
list "elasticache_global_replication_group" "booking" {
  provider = elasticache

  config {
    id_prefix = "gxeiz-booking"
  }
}
