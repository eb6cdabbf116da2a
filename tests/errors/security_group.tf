resource "elasticache_security_group" "two_names" {
  name        = "booking"
  name_prefix = "booking-"
}

resource "elasticache_security_group" "id" {
  name = "sg-booking"
}

resource "elasticache_security_group" "default" {
  name = "Default"
}

resource "elasticache_security_group" "description" {
  name        = "booking"
  description = "cache of “booking”"
}

resource "elasticache_security_group" "no_ports" {
  name  = "booking"
  ports = []
}

resource "elasticache_security_group" "port" {
  name  = "booking"
  ports = [6379, 65536]
}

resource "elasticache_security_group" "address" {
  name                = "booking"
  allowed_cidr_blocks = ["10.20.30.40/16"]
}

resource "elasticache_security_group" "bare_address" {
  name                = "booking"
  allowed_cidr_blocks = ["10.20.30.40"]
}

resource "elasticache_security_group" "v6" {
  name                = "booking"
  allowed_cidr_blocks = ["2001:db8::/32"]
}

resource "elasticache_security_group" "v4" {
  name                     = "booking"
  allowed_ipv6_cidr_blocks = ["10.20.0.0/16"]
}

resource "elasticache_security_group" "undescribed" {
  name                = "booking"
  allowed_cidr_blocks = ["10.20.0.0/16"]
  rule_descriptions   = { "10.0.0.0/8" = "office" }
}

resource "elasticache_security_group" "described_twice" {
  name                       = "booking"
  allowed_security_group_ids = ["sg-1"]
  rule_descriptions          = { "sg-1" = "office", "111122223333/sg-1" = "app" }
}

resource "elasticache_security_group" "rule_description" {
  name                = "booking"
  allowed_cidr_blocks = ["10.20.0.0/16"]
  rule_descriptions   = { "10.20.0.0/16" = "the office's VPN?" }
}

resource "elasticache_security_group" "null_source" {
  name                       = "booking"
  allowed_security_group_ids = [null]
}

resource "elasticache_security_group" "source" {
  name                       = "booking"
  allowed_security_group_ids = ["my-sg"]
}
