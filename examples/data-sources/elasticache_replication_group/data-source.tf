# A group that another team's configuration makes.
data "elasticache_replication_group" "sessions" {
  replication_group_id = "sessions"
}

# It can stand wherever a group is asked for.
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
