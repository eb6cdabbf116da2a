data "elasticache_subnet_group" "shared" {
  name = "shared-private"
}

resource "elasticache_replication_group" "this" {
  replication_group_id = "booking"
  description          = "Cache of the booking service"
  node_type            = "cache.t4g.small"
  subnet_group_name    = data.elasticache_subnet_group.shared.id
}

output "vpc_id" {
  value = data.elasticache_subnet_group.shared.vpc_id
}
