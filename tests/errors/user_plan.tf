resource "elasticache_user" "short_password" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~* +@all"
  passwords     = ["short"]
}

resource "elasticache_user" "neither_on_nor_off" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "~* +@all"
  passwords     = ["a-long-password-1"]
}
