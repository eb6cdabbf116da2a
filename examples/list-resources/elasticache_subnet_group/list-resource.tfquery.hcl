# The subnet groups of one VPC.
list "elasticache_subnet_group" "booking" {
  provider = elasticache

  config {
    vpc_id = "vpc-0a1b2c3d4e5f60001"
  }
}
