resource "elasticache_subnet_group" "default" {
  name       = "Default"
  subnet_ids = ["subnet-1"]
}

resource "elasticache_subnet_group" "characters" {
  name       = "booking_dev"
  subnet_ids = ["subnet-1"]
}

resource "elasticache_subnet_group" "no_subnets" {
  name       = "booking"
  subnet_ids = []
}

resource "elasticache_subnet_group" "null_subnet" {
  name       = "booking"
  subnet_ids = ["subnet-1", null]
}

resource "elasticache_subnet_group" "tag" {
  name       = "booking"
  subnet_ids = ["subnet-1"]
  tags       = { "aws:team" = "red" }
}

resource "elasticache_subnet_group" "timeout" {
  name       = "booking"
  subnet_ids = ["subnet-1"]
  timeouts {
    delete = "5 minutes"
  }
}

resource "elasticache_subnet_group" "long" {
  name       = "a123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345"
  subnet_ids = ["subnet-1"]
}

resource "elasticache_subnet_group" "missing" {
}

resource "elasticache_subnet_group" "subnet" {
  name       = "booking"
  subnet_ids = ["subnet_1"]
}
