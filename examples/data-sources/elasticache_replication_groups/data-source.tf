# The Valkey replication groups of the web team, by their tags.
data "elasticache_replication_groups" "web" {
  engine = "valkey"

  tags = {
    team = "web"
  }
}

# The connection URL of each.
resource "elasticache_ssm_url" "web" {
  for_each = { for group in data.elasticache_replication_groups.web.replication_groups : group.id => group }

  name              = "/web/${each.key}/redis/url"
  replication_group = each.value
}
