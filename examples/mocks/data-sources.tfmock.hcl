# Values for what data sources read; resources.tfmock.hcl says how to use this folder.

mock_data "elasticache_replication_group" {
  defaults = {
    arn                        = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:mock"
    at_rest_encryption_enabled = true
    endpoint                   = "master.mock.abc123.euw1.cache.amazonaws.com"
    engine                     = "valkey"
    engine_version_actual      = "8.2.0"
    member_clusters            = ["mock-001", "mock-002"]
    node_type                  = "cache.t4g.small"
    num_cache_clusters         = 2
    num_node_groups            = 1
    parameter_apply_status     = "in-sync"
    port                       = 6379
    primary_endpoint_address   = "master.mock.abc123.euw1.cache.amazonaws.com"
    reader_endpoint            = "replica.mock.abc123.euw1.cache.amazonaws.com"
    reader_endpoint_address    = "replica.mock.abc123.euw1.cache.amazonaws.com"
    status                     = "available"
    transit_encryption_enabled = true
    transit_encryption_mode    = "required"
    url                        = "rediss://master.mock.abc123.euw1.cache.amazonaws.com:6379"
  }
}

mock_data "elasticache_connection_check" {
  defaults = {
    cluster_enabled      = false
    engine               = "valkey"
    engine_version       = "8.2.0"
    latency_milliseconds = 0.5
    message              = "mock:6379 answered in 0.5 ms."
    reachable            = true
    role                 = "primary"
  }
}

mock_data "elasticache_engine_versions" {
  defaults = {
    default_version = "8.2"
    families        = ["valkey7", "valkey8", "valkey9"]
    latest_family   = "valkey9"
    latest_version  = "9.1"
  }
}

mock_data "elasticache_node_types" {
  defaults = {
    node_types = ["cache.r7g.large", "cache.t4g.small"]
  }
}

mock_data "elasticache_subnet_group" {
  defaults = {
    arn        = "arn:aws:elasticache:eu-west-1:111122223333:subnetgroup:mock"
    subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    vpc_id     = "vpc-0a1b2c3d4e5f60001"
  }
}

mock_data "elasticache_parameter_group" {
  defaults = {
    arn    = "arn:aws:elasticache:eu-west-1:111122223333:parametergroup:mock"
    family = "valkey8"
  }
}

mock_data "elasticache_user" {
  defaults = {
    access_string = "on ~* +@all"
    arn           = "arn:aws:elasticache:eu-west-1:111122223333:user:mock"
    engine        = "valkey"
    status        = "active"
    user_name     = "mock"
  }
}

mock_data "elasticache_user_group" {
  defaults = {
    arn      = "arn:aws:elasticache:eu-west-1:111122223333:usergroup:mock"
    engine   = "valkey"
    status   = "active"
    user_ids = ["mock"]
  }
}

mock_data "elasticache_serverless_cache" {
  defaults = {
    arn                  = "arn:aws:elasticache:eu-west-1:111122223333:serverlesscache:mock"
    engine               = "valkey"
    full_engine_version  = "8.1"
    major_engine_version = "8"
    status               = "available"
  }
}

mock_data "elasticache_service_updates" {
  defaults = {
    names = ["elc-20260915-001"]
  }
}
