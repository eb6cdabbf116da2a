# The Valkey replication groups whose IDs begin with booking-, with all their attributes.
list "elasticache_replication_group" "booking" {
  provider         = elasticache
  include_resource = true

  config {
    id_prefix = "booking-"
    engine    = "valkey"
  }
}
