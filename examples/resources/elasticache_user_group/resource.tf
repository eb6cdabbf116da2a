resource "elasticache_user" "app" {
  user_id       = "booking-app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~booking:* -@all +@read +@write"

  authentication_mode {
    type      = "password"
    passwords = ["a-password-of-16-or-more"]
  }
}

resource "elasticache_user_group" "this" {
  user_group_id = "booking"
  engine        = "redis"
  user_ids      = [elasticache_user.app.user_id]

  # With engine redis, a user named default is required; this one cannot log in.
  disabled_default_user = true
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = "booking"
  description                = "Sessions of the booking service"
  engine                     = "redis"
  node_type                  = "cache.t4g.small"
  transit_encryption_enabled = true
  user_group_ids             = [elasticache_user_group.this.id]
}
