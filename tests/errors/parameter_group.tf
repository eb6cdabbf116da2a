resource "elasticache_parameter_group" "unnamed" {
  family = "valkey8"
}

resource "elasticache_parameter_group" "two_names" {
  name        = "booking"
  name_prefix = "booking-"
  family      = "valkey8"
}

resource "elasticache_parameter_group" "default" {
  name   = "default.redis7"
  family = "redis7"
}

resource "elasticache_parameter_group" "name" {
  name   = "booking--dev"
  family = "redis7"
}

resource "elasticache_parameter_group" "version_as_family" {
  name   = "booking"
  family = "redis7.1"
}

resource "elasticache_parameter_group" "unknown_family" {
  name   = "booking"
  family = "keydb6"
}

resource "elasticache_parameter_group" "twice" {
  name   = "booking"
  family = "valkey8"
  parameter {
    name  = "timeout"
    value = 1
  }
  parameter {
    name  = "Timeout"
    value = 2
  }
}

resource "elasticache_parameter_group" "no_value" {
  name   = "booking"
  family = "valkey8"
  parameter {
    name  = "timeout"
    value = ""
  }
}

resource "elasticache_parameter_group" "description" {
  name        = "booking"
  family      = "valkey8"
  description = ""
}
