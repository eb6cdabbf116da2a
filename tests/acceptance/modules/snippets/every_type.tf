# Every type of this provider, each given what the others compute.

resource "elasticache_subnet_group" "this" {
  name       = "app"
  subnet_ids = ["subnet-0a1b2c3d", "subnet-0a1b2c3e"]
}

resource "elasticache_security_group" "this" {
  name_prefix                = "app-"
  vpc_id                     = elasticache_subnet_group.this.vpc_id
  allowed_security_group_ids = [elasticache_security_group.clients.id]
  ports                      = [elasticache_replication_group.plain.port]
}

resource "elasticache_security_group" "clients" {
  name_prefix = "clients-"
}

resource "elasticache_parameter_group" "this" {
  name_prefix = "app-"
  family      = "valkey8"
}

resource "elasticache_log_group" "this" {
  name_prefix = "/app/slow-"
}

resource "elasticache_auth_token_secret" "this" {
  name     = "app/token"
  generate = {}
}

resource "elasticache_user" "this" {
  user_id                    = "app"
  user_name                  = "app"
  engine                     = "valkey"
  access_string              = "on ~* +@all"
  password_secret_arn        = elasticache_auth_token_secret.this.arn
  password_secret_version_id = elasticache_auth_token_secret.this.version_id
}

resource "elasticache_user_group" "this" {
  user_group_id = "app"
  engine        = "valkey"
  user_ids      = [elasticache_user.this.id]
}

resource "elasticache_user_group" "open" {
  user_group_id = "open"
  engine        = "valkey"
}

resource "elasticache_user_group_association" "this" {
  user_group_id = elasticache_user_group.open.id
  user_id       = elasticache_user.this.id
}

resource "elasticache_replication_group" "plain" {
  replication_group_id = "plain"
  description          = "without users"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 1
}

resource "elasticache_replication_group" "users" {
  replication_group_id       = "users"
  description                = "with users"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  transit_encryption_enabled = true
  parameter_group_name       = elasticache_parameter_group.this.name
  subnet_group_name          = elasticache_subnet_group.this.id
  security_group_ids         = [elasticache_security_group.this.id]
  user_group_ids             = [elasticache_user_group.this.id]

  log_delivery_configuration {
    destination      = elasticache_log_group.this.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }
}

resource "elasticache_replication_group" "token" {
  replication_group_id         = "token"
  description                  = "with a token"
  engine                       = "valkey"
  engine_version               = "8.0"
  node_type                    = "cache.t4g.small"
  num_cache_clusters           = 2
  automatic_failover_enabled   = true
  transit_encryption_enabled   = true
  parameter_group_name         = elasticache_parameter_group.this.id
  port                         = elasticache_replication_group.plain.port
  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
  snapshot_name                = elasticache_snapshot.this.id
}

resource "elasticache_serverless_cache" "this" {
  name                     = "app"
  engine                   = "valkey"
  user_group_id            = elasticache_user_group.this.id
  security_group_ids       = [elasticache_security_group.this.id]
  snapshot_arns_to_restore = [elasticache_serverless_cache_snapshot.this.arn]
}

resource "elasticache_serverless_cache" "plain" {
  name                 = "plain"
  engine               = "valkey"
  major_engine_version = "8"
}

resource "elasticache_serverless_cache_snapshot" "this" {
  name                  = "serverless"
  serverless_cache_name = elasticache_serverless_cache.plain.name
}

resource "elasticache_snapshot" "this" {
  name                 = "app"
  replication_group_id = elasticache_replication_group.plain.id
}

resource "elasticache_ssm_url" "token" {
  name              = "/app/url"
  replication_group = elasticache_replication_group.token
}

resource "elasticache_ssm_url" "host" {
  name                         = "/app/url-of-host"
  host                         = elasticache_replication_group.users.primary_endpoint_address
  port                         = elasticache_replication_group.users.port
  transit_encryption_enabled   = true
  username                     = elasticache_user.this.user_name
  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
}

resource "elasticache_connection_secret" "this" {
  name              = "app/connection"
  replication_group = elasticache_replication_group.token
}

resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.users
}

resource "elasticache_metric_alarm" "this" {
  alarm_name          = "cpu-${elasticache_replication_group.users.id}"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 1
  threshold           = 90
  comparison_operator = "GreaterThanThreshold"
  dimensions          = { ReplicationGroupId = elasticache_replication_group.users.id }
}

resource "elasticache_composite_alarm" "this" {
  alarm_name = "any-${elasticache_replication_group.users.id}"
  alarm_rule = "ALARM(\"${elasticache_metric_alarm.this.alarm_name}\")"

  actions_suppressor {
    alarm            = elasticache_metric_alarm.this.arn
    wait_period      = 0
    extension_period = 0
  }
}

data "elasticache_replication_group" "this" {
  replication_group_id = elasticache_replication_group.users.id
}

data "elasticache_user" "this" {
  user_id = elasticache_user.this.id
}

output "url" {
  value = provider::elasticache::redis_url(
    elasticache_replication_group.plain.endpoint,
    elasticache_replication_group.plain.port,
    {},
  )
}

resource "elasticache_service_update" "this" {
  replication_group_id = elasticache_replication_group.users.id
  service_update_name  = "elc-20251201-001"
}

resource "elasticache_dashboard" "this" {
  replication_group = elasticache_replication_group.users
}

resource "elasticache_global_replication_group" "this" {
  global_replication_group_id_suffix = "every"
  primary_replication_group_id       = elasticache_replication_group.plain.id
}
