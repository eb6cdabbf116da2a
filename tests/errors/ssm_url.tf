resource "elasticache_ssm_url" "nowhere" {
  name = "/booking/url"
}

resource "elasticache_ssm_url" "two_sources" {
  name              = "/booking/url"
  host              = "cache.local"
  replication_group = { endpoint = "cache.local" }
}

resource "elasticache_ssm_url" "url_as_host" {
  name = "/booking/url"
  host = "redis://cache.local:6379"
}

resource "elasticache_ssm_url" "port_without_host" {
  name              = "/booking/url"
  replication_group = { endpoint = "cache.local" }
  port              = 6379
}

resource "elasticache_ssm_url" "port" {
  name = "/booking/url"
  host = "cache.local"
  port = 70000
}

resource "elasticache_ssm_url" "name" {
  name = "booking/url"
  host = "cache.local"
}

resource "elasticache_ssm_url" "reserved_name" {
  name = "/aws/url"
  host = "cache.local"
}

resource "elasticache_ssm_url" "line_break" {
  name       = "/booking/url"
  host       = "cache.local"
  auth_token = "token-from-a-file\n"
}

resource "elasticache_ssm_url" "two_tokens" {
  name                  = "/booking/url"
  host                  = "cache.local"
  auth_token            = "a-token-long-enough"
  auth_token_wo         = "a-token-long-enough"
  auth_token_wo_version = 1
}

resource "elasticache_ssm_url" "no_version" {
  name          = "/booking/url"
  host          = "cache.local"
  auth_token_wo = "a-token-long-enough"
}

resource "elasticache_ssm_url" "type" {
  name = "/booking/url"
  host = "cache.local"
  type = "StringList"
}

resource "elasticache_ssm_url" "reader" {
  name                = "/booking/url"
  host                = "cache.local"
  use_reader_endpoint = true
}

resource "elasticache_ssm_url" "group_by_id" {
  name              = "/booking/url"
  replication_group = "booking"
}

resource "elasticache_ssm_url" "secret_and_token" {
  name                         = "/booking/url"
  host                         = "cache.local"
  auth_token                   = "a-token-long-enough"
  auth_token_secret_arn        = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:booking/token-AbCdEf"
  auth_token_secret_version_id = "0f1e2d3c-4b5a-8697-8897-a6b5c4d3e2f1"
}

resource "elasticache_ssm_url" "serverless_and_host" {
  name                  = "/booking/url"
  host                  = "cache.local"
  serverless_cache_name = "booking"
}

resource "elasticache_ssm_url" "serverless_token" {
  name                  = "/booking/url"
  serverless_cache_name = "booking"
  auth_token            = "a-token-long-enough"
}

resource "elasticache_ssm_url" "serverless_name" {
  name                  = "/booking/url"
  serverless_cache_name = "booking-"
}
