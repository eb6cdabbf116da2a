# The users whose IDs begin with booking-.
list "elasticache_user" "booking" {
  provider = elasticache

  config {
    id_prefix = "booking-"
  }
}
