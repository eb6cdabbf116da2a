# The composite alarms over alarms of caches whose names begin with booking-.
list "elasticache_composite_alarm" "booking" {
  provider = elasticache

  config {
    name_prefix = "booking-"
  }
}
