# What a data source cannot be asked.

data "elasticache_replication_group" "two_hyphens" {
  replication_group_id = "two--hyphens"
}

data "elasticache_node_types" "nothing" {
  replication_group_id = ""
}

data "elasticache_replication_groups" "no_expression" {
  id_regex = "web-("
}

data "elasticache_replication_groups" "other_engine" {
  engine = "memcached"
}

data "elasticache_engine_versions" "no_major" {
  engine        = "valkey"
  major_version = 0
}

data "elasticache_engine_versions" "no_engine" {
}

data "elasticache_subnet_group" "no_name" {
  name = ""
}

data "elasticache_parameter_group" "two" {
  name       = "default.redis7"
  parameters = {}
}

data "elasticache_user" "underscore" {
  user_id = "my_app"
}

data "elasticache_user_group" "too_long" {
  user_group_id = "a-group-whose-id-is-longer-than-forty-letters"
}

data "elasticache_connection_check" "nowhere" {
  port = 6379
}

data "elasticache_connection_check" "other_scheme" {
  url = "http://cache.example.com"
}
