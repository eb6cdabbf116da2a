resource "elasticache_user_group" "nobody" {
  user_group_id = "app"
  engine        = "REDIS"
}

resource "elasticache_user_group" "open" {
  user_group_id = "app"
  engine        = "redis"
  user_ids      = ["default", "app"]
}
