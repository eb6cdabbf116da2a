resource "elasticache_subnet_group" "this" {
  name        = "backend-booking"
  description = "Private subnets of the booking service"
  subnet_ids  = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]

  tags = {
    Environment = "prod"
  }
}
