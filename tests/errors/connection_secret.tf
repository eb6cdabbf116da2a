resource "elasticache_connection_secret" "nowhere" {
  name = "app/redis"
}

resource "elasticache_connection_secret" "two_sources" {
  name              = "app/redis"
  host              = "cache.local"
  replication_group = { endpoint = "cache.local" }
}

resource "elasticache_connection_secret" "reader_of_a_group" {
  name              = "app/redis"
  replication_group = { endpoint = "cache.local" }
  reader_host       = "reader.local"
}

resource "elasticache_connection_secret" "reader_host" {
  name        = "app/redis"
  host        = "cache.local"
  reader_host = "reader.local:6379"
}

resource "elasticache_connection_secret" "engine" {
  name   = "app/redis"
  host   = "cache.local"
  engine = "memcached"
}

resource "elasticache_connection_secret" "own_key" {
  name       = "app/redis"
  host       = "cache.local"
  additional = { service = "booking", url = "redis://elsewhere" }
}

resource "elasticache_connection_secret" "empty_key" {
  name       = "app/redis"
  host       = "cache.local"
  additional = { "" = "booking" }
}

resource "elasticache_connection_secret" "two_tokens" {
  name                       = "app/redis"
  host                       = "cache.local"
  transit_encryption_enabled = true
  auth_token                 = "a-token-long-enough"
  auth_token_wo              = "a-token-long-enough"
  auth_token_wo_version      = 1
}

resource "elasticache_connection_secret" "window" {
  name                    = "app/redis"
  host                    = "cache.local"
  recovery_window_in_days = 3
}

resource "elasticache_connection_secret" "reader_port" {
  name        = "app/redis"
  host        = "cache.local"
  reader_port = 6380
}
