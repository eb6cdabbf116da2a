# Values for what AWS computes, in place of the numbers 0 and the random texts of a bare mock. Copy this folder beside the
# tests, and name it in the mock_provider block:
#
#   mock_provider "elasticache" {
#     source = "./mocks"
#   }
#
# What the configuration sets is never replaced. Terraform reads these files; OpenTofu has mocks in test files only.

mock_resource "elasticache_replication_group" {
  defaults = {
    arn                      = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:mock"
    auth_token_version       = 1
    endpoint                 = "master.mock.abc123.euw1.cache.amazonaws.com"
    engine_actual            = "valkey"
    engine_version_actual    = "8.2.0"
    kms_key_id               = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    maintenance_window       = "sun:05:00-sun:06:00"
    member_clusters          = ["mock-001", "mock-002"]
    num_cache_clusters       = 2
    parameter_apply_status   = "in-sync"
    parameter_group_name     = "mock-valkey8"
    port                     = 6379
    primary_endpoint_address = "master.mock.abc123.euw1.cache.amazonaws.com"
    reader_endpoint          = "replica.mock.abc123.euw1.cache.amazonaws.com"
    reader_endpoint_address  = "replica.mock.abc123.euw1.cache.amazonaws.com"
    snapshot_window          = "03:00-04:00"
    status                   = "available"
    storage_encryption_type  = "sse-kms"
    subnet_group_name        = "mock"
    url                      = "rediss://master.mock.abc123.euw1.cache.amazonaws.com:6379"

    transit_encryption_active = true
  }
}

mock_resource "elasticache_global_replication_group" {
  defaults = {
    arn                         = "arn:aws:elasticache::111122223333:globalreplicationgroup:gxeiz-mock"
    cluster_enabled             = false
    engine                      = "valkey"
    engine_version              = "8.2"
    engine_version_actual       = "8.2.0"
    global_replication_group_id = "gxeiz-mock"
    id                          = "gxeiz-mock"
    num_node_groups             = 1
    primary_region              = "eu-west-1"
    status                      = "available"
  }
}

mock_resource "elasticache_subnet_group" {
  defaults = {
    arn    = "arn:aws:elasticache:eu-west-1:111122223333:subnetgroup:mock"
    vpc_id = "vpc-0a1b2c3d4e5f60001"
  }
}

mock_resource "elasticache_parameter_group" {
  defaults = {
    arn = "arn:aws:elasticache:eu-west-1:111122223333:parametergroup:mock"
  }
}

mock_resource "elasticache_security_group" {
  defaults = {
    arn      = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c3d4e5f60001"
    id       = "sg-0a1b2c3d4e5f60001"
    owner_id = "111122223333"
  }
}

mock_resource "elasticache_auth_token_secret" {
  defaults = {
    arn        = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mock/auth-token-AbCdEf"
    version_id = "11111111-2222-3333-4444-555555555555"
  }
}

mock_resource "elasticache_connection_secret" {
  defaults = {
    arn        = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mock/connection-AbCdEf"
    in_sync    = true
    version_id = "11111111-2222-3333-4444-555555555555"
  }
}

mock_resource "elasticache_ssm_url" {
  defaults = {
    arn     = "arn:aws:ssm:eu-west-1:111122223333:parameter/mock/url"
    url     = "rediss://master.mock.abc123.euw1.cache.amazonaws.com:6379"
    version = 1
  }
}

mock_resource "elasticache_user" {
  defaults = {
    arn                    = "arn:aws:elasticache:eu-west-1:111122223333:user:mock"
    minimum_engine_version = "7.2"
    password_count         = 1
  }
}

mock_resource "elasticache_user_group" {
  defaults = {
    arn                    = "arn:aws:elasticache:eu-west-1:111122223333:usergroup:mock"
    minimum_engine_version = "7.2"
  }
}

mock_resource "elasticache_log_group" {
  defaults = {
    arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/elasticache/mock/slow-log"
  }
}

mock_resource "elasticache_composite_alarm" {
  defaults = {
    arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:mock-any"
  }
}

mock_resource "elasticache_metric_alarm" {
  defaults = {
    arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:mock-001-CPUUtilization"
  }
}

mock_resource "elasticache_snapshot" {
  defaults = {
    arn             = "arn:aws:elasticache:eu-west-1:111122223333:snapshot:mock"
    engine          = "valkey"
    engine_version  = "8.2.0"
    node_type       = "cache.t4g.small"
    num_node_groups = 1
    port            = 6379
    vpc_id          = "vpc-0a1b2c3d4e5f60001"
  }
}

mock_resource "elasticache_serverless_cache" {
  defaults = {
    arn                     = "arn:aws:elasticache:eu-west-1:111122223333:serverlesscache:mock"
    full_engine_version     = "8.1"
    kms_key_id              = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    major_engine_version    = "8"
    status                  = "available"
    storage_encryption_type = "sse-kms"
  }
}

mock_resource "elasticache_serverless_cache_snapshot" {
  defaults = {
    arn                  = "arn:aws:elasticache:eu-west-1:111122223333:serverlesscachesnapshot:mock"
    engine               = "valkey"
    major_engine_version = "8"
    status               = "available"
  }
}

mock_resource "elasticache_dashboard" {
  defaults = {
    arn = "arn:aws:cloudwatch::111122223333:dashboard/mock"
  }
}

mock_resource "elasticache_service_update" {
  defaults = {
    engine                  = "valkey"
    nodes_updated           = "2/2"
    service_update_severity = "important"
    service_update_status   = "available"
    service_update_type     = "security-update"
    sla_met                 = "yes"
    status                  = "complete"
  }
}
