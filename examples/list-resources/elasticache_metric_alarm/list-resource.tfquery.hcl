# The alarms on caches whose names begin with booking-.
list "elasticache_metric_alarm" "booking" {
  provider = elasticache

  config {
    name_prefix = "booking-"
  }
}
