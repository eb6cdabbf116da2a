# The security groups of one VPC whose names begin with booking-.
list "elasticache_security_group" "booking" {
  provider = elasticache

  config {
    vpc_id      = "vpc-0a1b2c3d4e5f60001"
    name_prefix = "booking-"
  }
}
