resource "elasticache_user_group" "nobody" {
  user_group_id = "app"
  engine        = "redis"
  user_ids      = []
}

resource "elasticache_user_group" "identifier" {
  user_group_id = "app--group"
  engine        = "valkey"
}

resource "elasticache_user_group" "engine" {
  user_group_id = "app"
  engine        = "memcached"
}

resource "elasticache_user_group" "member" {
  user_group_id = "app"
  engine        = "valkey"
  user_ids      = ["user 1"]
}

resource "elasticache_user_group" "two_defaults" {
  user_group_id         = "app"
  engine                = "redis"
  user_ids              = ["default"]
  disabled_default_user = true
}

resource "elasticache_user_group" "open_valkey" {
  user_group_id = "app"
  engine        = "Valkey"
  user_ids      = ["default", "app"]
}

resource "elasticache_user_group" "long" {
  user_group_id         = "the-users-of-the-booking-service"
  engine                = "redis"
  disabled_default_user = true
}

resource "elasticache_user_group" "own_default" {
  user_group_id         = "App"
  engine                = "redis"
  user_ids              = ["app-default-off"]
  disabled_default_user = true
}

resource "elasticache_user_group_association" "identifiers" {
  user_group_id = "1"
  user_id       = "app-"
}
