# With name_prefix and create_before_destroy, a change of family creates the new parameter
# group first, and deletes the old one when no cache uses it.
resource "elasticache_parameter_group" "this" {
  name_prefix = "backend-booking-"
  family      = "redis7"
  description = "Settings of the booking service"

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }

  parameter {
    name  = "timeout"
    value = "300"
  }

  lifecycle {
    create_before_destroy = true
  }
}
