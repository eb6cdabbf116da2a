# A replication group that another configuration manages.
data "elasticache_replication_group" "sessions" {
  replication_group_id = "sessions"
}

# It is accepted wherever a replication group is.
resource "elasticache_ssm_url" "sessions" {
  name              = "/web/prod/redis/url"
  replication_group = data.elasticache_replication_group.sessions
}

output "zones" {
  value = distinct(flatten([
    for shard in data.elasticache_replication_group.sessions.node_group_configuration :
    shard.nodes[*].availability_zone
  ]))
}
