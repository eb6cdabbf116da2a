resource "elasticache_alarm_set" "fraction" {
  replication_group = { id = "booking", member_clusters = ["booking-001"] }
  metrics = {
    CPUUtilization = { threshold = 0.8 }
  }
}
