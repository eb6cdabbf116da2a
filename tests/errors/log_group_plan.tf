resource "elasticache_log_group" "delivery" {
  name              = "booking"
  log_group_class   = "DELIVERY"
  retention_in_days = 14
}
