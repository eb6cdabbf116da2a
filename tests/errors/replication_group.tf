resource "elasticache_replication_group" "id" {
  replication_group_id = "booking_dev"
  description          = "x"
  node_type            = "cache.t4g.small"
}

resource "elasticache_replication_group" "description" {
  replication_group_id = "booking"
  description          = ""
  node_type            = "cache.t4g.small"
}

resource "elasticache_replication_group" "no_node_type" {
  replication_group_id = "booking"
  description          = "x"
}

resource "elasticache_replication_group" "node_type" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "t4g.small"
}

resource "elasticache_replication_group" "node_size" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.mirco"
}

resource "elasticache_replication_group" "engine" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.small"
  engine               = "memcached"
}

resource "elasticache_replication_group" "engine_version" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.small"
  engine_version       = "7"
}

resource "elasticache_replication_group" "two_topologies" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 3
  num_node_groups      = 2
}

resource "elasticache_replication_group" "failover_alone" {
  replication_group_id       = "booking"
  description                = "x"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 1
  automatic_failover_enabled = true
}

resource "elasticache_replication_group" "zones_without_failover" {
  replication_group_id       = "booking"
  description                = "x"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = false
  multi_az_enabled           = true
}

resource "elasticache_replication_group" "token_without_tls" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.small"
  auth_token           = "0123456789abcdef"
}

resource "elasticache_replication_group" "token_of_base64" {
  replication_group_id       = "booking"
  description                = "x"
  node_type                  = "cache.t4g.small"
  transit_encryption_enabled = true
  auth_token                 = "0123456789+/abcdef=="
}

resource "elasticache_replication_group" "token_and_users" {
  replication_group_id       = "booking"
  description                = "x"
  node_type                  = "cache.t4g.small"
  transit_encryption_enabled = true
  auth_token                 = "0123456789abcdef"
  user_group_ids             = ["booking"]
}

resource "elasticache_replication_group" "mode_without_tls" {
  replication_group_id       = "booking"
  description                = "x"
  node_type                  = "cache.t4g.small"
  transit_encryption_enabled = false
  transit_encryption_mode    = "required"
}

resource "elasticache_replication_group" "windows_overlap" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.small"
  maintenance_window   = "sun:05:00-sun:07:00"
  snapshot_window      = "06:00-08:00"
}

resource "elasticache_replication_group" "window" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.small"
  maintenance_window   = "sunday 5am"
}

resource "elasticache_replication_group" "short_window" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.small"
  snapshot_window      = "03:00-03:30"
}

resource "elasticache_replication_group" "retention" {
  replication_group_id     = "booking"
  description              = "x"
  node_type                = "cache.t4g.small"
  snapshot_retention_limit = 90
}

resource "elasticache_replication_group" "logs" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.small"
  log_delivery_configuration {
    destination      = "booking"
    destination_type = "s3"
    log_format       = "json"
    log_type         = "slow-log"
  }
}

resource "elasticache_replication_group" "same_log_twice" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.t4g.small"
  log_delivery_configuration {
    destination      = "one"
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }
  log_delivery_configuration {
    destination      = "two"
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }
}

resource "elasticache_replication_group" "final_snapshot" {
  replication_group_id      = "booking"
  description               = "x"
  node_type                 = "cache.t4g.small"
  final_snapshot_identifier = "booking_final"
}

resource "elasticache_replication_group" "token_by_name_of_secret" {
  replication_group_id         = "token-by-name-of-secret"
  description                  = "test"
  node_type                    = "cache.t3.micro"
  transit_encryption_enabled   = true
  auth_token_secret_arn        = "booking/token"
  auth_token_secret_version_id = "0f1e2d3c-4b5a-8697-8897-a6b5c4d3e2f1"
}

resource "elasticache_replication_group" "token_without_version" {
  replication_group_id       = "token-without-version"
  description                = "test"
  node_type                  = "cache.t3.micro"
  transit_encryption_enabled = true
  auth_token_secret_arn      = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:booking/token-AbCdEf"
}

resource "elasticache_replication_group" "two_ways_to_give_a_token" {
  replication_group_id         = "two-ways"
  description                  = "test"
  node_type                    = "cache.t3.micro"
  transit_encryption_enabled   = true
  auth_token                   = "0123456789abcdef"
  auth_token_secret_arn        = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:booking/token-AbCdEf"
  auth_token_secret_version_id = "0f1e2d3c-4b5a-8697-8897-a6b5c4d3e2f1"
}

resource "elasticache_replication_group" "secret_without_tls" {
  replication_group_id         = "secret-without-tls"
  description                  = "test"
  node_type                    = "cache.t3.micro"
  transit_encryption_enabled   = false
  auth_token_secret_arn        = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:booking/token-AbCdEf"
  auth_token_secret_version_id = "0f1e2d3c-4b5a-8697-8897-a6b5c4d3e2f1"
}

resource "elasticache_replication_group" "tiering" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.r6g.xlarge"
  data_tiering_enabled = true
}

resource "elasticache_replication_group" "no_tiering" {
  replication_group_id = "booking"
  description          = "x"
  node_type            = "cache.r6gd.xlarge"
  data_tiering_enabled = false
}

resource "elasticache_replication_group" "old_nodes" {
  replication_group_id       = "booking"
  description                = "x"
  node_type                  = "cache.t1.micro"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  snapshot_retention_limit   = 7
  transit_encryption_enabled = true
}

resource "elasticache_replication_group" "old_engine" {
  replication_group_id       = "booking"
  description                = "x"
  node_type                  = "cache.t4g.small"
  engine_version             = "5.0.0"
  network_type               = "dual_stack"
  user_group_ids             = ["team"]
  transit_encryption_enabled = true
}
