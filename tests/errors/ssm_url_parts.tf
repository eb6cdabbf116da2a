resource "elasticache_ssm_url" "no_endpoint" {
  name              = "/booking/url"
  replication_group = { port = 6379 }
}

resource "elasticache_ssm_url" "no_reader" {
  name                = "/booking/url"
  replication_group   = { configuration_endpoint_address = "cache.local" }
  use_reader_endpoint = true
}

resource "elasticache_ssm_url" "too_long" {
  name       = "/booking/url"
  host       = "cache.local"
  tier       = "Standard"
  parameters = { filler = join("", [for i in range(1000) : "12345"]) }
}

resource "elasticache_ssm_url" "token_in_plain_text" {
  name       = "/booking/url"
  host       = "cache.local"
  auth_token = "a-token-long-enough"
}

resource "elasticache_ssm_url" "secret_without_tls" {
  name                         = "/booking/url"
  host                         = "cache.local"
  auth_token_secret_arn        = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:booking/token-AbCdEf"
  auth_token_secret_version_id = "0f1e2d3c-4b5a-8697-8897-a6b5c4d3e2f1"
}

resource "elasticache_ssm_url" "short_token" {
  name                       = "/booking/url"
  host                       = "cache.local"
  transit_encryption_enabled = true
  auth_token                 = "short"
}
