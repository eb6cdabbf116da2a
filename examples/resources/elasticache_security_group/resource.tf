resource "elasticache_security_group" "cache" {
  name_prefix = "backend-booking-cache-"
  description = "Who may reach the cache of the booking service"
  vpc_id      = "vpc-0a1b2c3d4e5f60001"

  allowed_security_group_ids = ["sg-0a1b2c3d4e5f60002", "sg-0a1b2c3d4e5f60003"]
  allowed_cidr_blocks        = ["10.20.0.0/16"]

  rule_descriptions = {
    "sg-0a1b2c3d4e5f60002" = "booking service"
    "10.20.0.0/16"         = "office VPN"
  }

  tags = {
    Environment = "prod"
  }

  # A security group in use can only be replaced if the new one is created first.
  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_replication_group" "this" {
  replication_group_id = "backend-booking"
  description          = "Cache of the booking service"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 2
  security_group_ids   = [elasticache_security_group.cache.id]
}
