resource "elasticache_parameter_group" "value" {
  name   = "booking"
  family = "valkey8"
  parameter {
    name  = "maxmemory-policy"
    value = "lru"
  }
}

resource "elasticache_parameter_group" "range" {
  name   = "booking"
  family = "redis7"
  parameter {
    name  = "reserved-memory-percent"
    value = 150
  }
}

resource "elasticache_parameter_group" "fixed" {
  name   = "booking"
  family = "redis7"
  parameter {
    name  = "appendonly"
    value = "yes"
  }
}

resource "elasticache_parameter_group" "name" {
  name   = "booking"
  family = "redis7"
  parameter {
    name  = "maxmemory-polciy"
    value = "noeviction"
  }
}
