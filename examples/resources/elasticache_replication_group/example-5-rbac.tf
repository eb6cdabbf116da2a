# Role-based access control (RBAC)
resource "elasticache_auth_token_secret" "app" {
  name     = "orders/redis/app"
  generate = { length = 32 }
}

resource "elasticache_user" "app" {
  user_id                    = "orders-app"
  user_name                  = "app"
  engine                     = "valkey"
  access_string              = "on ~orders:* +@all -@dangerous"
  password_secret_arn        = elasticache_auth_token_secret.app.arn
  password_secret_version_id = elasticache_auth_token_secret.app.version_id
}

resource "elasticache_user_group" "orders" {
  user_group_id = "orders"
  engine        = "valkey"
  user_ids      = [elasticache_user.app.user_id]
}

resource "elasticache_replication_group" "orders" {
  replication_group_id       = "orders"
  description                = "Cache of the order service"
  engine                     = "valkey"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 1
  transit_encryption_enabled = true
  user_group_ids             = [elasticache_user_group.orders.user_group_id]
}
