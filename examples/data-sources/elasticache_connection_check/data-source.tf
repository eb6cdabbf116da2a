resource "elasticache_auth_token_secret" "booking" {
  name     = "booking/cache-token"
  generate = {}
}

resource "elasticache_replication_group" "booking" {
  replication_group_id         = "booking"
  description                  = "Cache of the booking service"
  engine                       = "valkey"
  node_type                    = "cache.t4g.small"
  transit_encryption_enabled   = true
  auth_token_secret_arn        = elasticache_auth_token_secret.booking.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.booking.version_id
}

# An unreachable cache is a warning of plan and apply. The token is read from the secret and not stored.
check "booking_cache" {
  data "elasticache_connection_check" "booking" {
    url                          = elasticache_replication_group.booking.url
    auth_token_secret_arn        = elasticache_auth_token_secret.booking.arn
    auth_token_secret_version_id = elasticache_auth_token_secret.booking.version_id
  }

  assert {
    condition     = data.elasticache_connection_check.booking.reachable
    error_message = data.elasticache_connection_check.booking.message
  }
}
